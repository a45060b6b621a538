import { fullJitter, pause } from "./backoff";
import type { Position, StreamEvent, StreamPage, Subscribed } from "./wire";

/** What a stream's events and states go to. */
export interface Source {
  readonly stream: string;
  /**
   * Loads the state over REST and answers the position it contains, or null where REST names no
   * number: then the subscription is made first and the state is loaded behind it.
   */
  snapshot(): Promise<Position | null>;
  readonly numbered: boolean;
  apply(events: readonly StreamEvent[]): void;
  closed(code: string, sentence: string): void;
}

/** Where a stream comes from. Both may reject: a `StreamClosed` is final, everything else is tried again. */
export interface Ways {
  subscribe(stream: string, after: number | null, epoch: string | null): Promise<Subscribed>;
  catchUp(stream: string, after: number, epoch: string): Promise<StreamPage>;
}

/** The right to read a stream is gone, or was never there. */
export class StreamClosed extends Error {
  constructor(
    readonly code: string,
    readonly sentence: string,
  ) {
    super(`${code}: ${sentence}`);
  }
}

// A number that was announced and is not here after this time is lost, not late.
const lateAfterMs = 1000;
// A state that has to be loaded again is asked for at a random moment of this span: the cause
// (a failover, a trimmed log) hits everyone in the room at once.
const reloadSpreadMs = 2000;

/**
 * Keeps one stream complete and in order over connections that come and go. It compares what it has
 * with what it should have, and does the one next step until nothing is missing.
 */
export class Follower {
  readonly #source: Source;
  readonly #ways: Ways;
  readonly #random: () => number;
  /** Events that cannot be applied yet: a hole before them, or a state still on its way. */
  readonly #held = new Map<number, StreamEvent>();
  #position: Position | null = null;
  /** The highest number that is known to exist. */
  #known = 0;
  #snapshotsWanted = 1;
  #snapshotsTaken = 0;
  /** Counts subscriptions begun or lost: an answer of an earlier one says nothing about now. */
  #link = 0;
  #online = false;
  #subscribedEpoch: string | null = null;
  #busy = false;
  #stopped = false;
  #wake = new AbortController();
  #lateTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: Source, ways: Ways, random: () => number = Math.random) {
    this.#source = source;
    this.#ways = ways;
    this.#random = random;
  }

  get position(): Position | null {
    return this.#position;
  }

  /** Begins; the REST state needs no connection. */
  start(): void {
    void this.#work();
  }

  connected(): void {
    this.#online = true;
    this.#unsubscribed();
    void this.#work();
  }

  disconnected(): void {
    this.#online = false;
    this.#unsubscribed();
  }

  receive(events: readonly StreamEvent[]): void {
    if (this.#stopped) return;
    for (const event of events) this.#held.set(event.seq, event);
    // The connection hands over what follows Subscribe's answer before the answer itself is awaited.
    if (this.#subscribedEpoch !== null) this.#settle();
  }

  head(seq: number): void {
    if (!this.#position || seq <= this.#position.seq || this.#lateTimer !== undefined) return;
    this.#lateTimer = setTimeout(() => {
      this.#lateTimer = undefined;
      this.#known = Math.max(this.#known, seq);
      void this.#work();
    }, lateAfterMs);
  }

  /** The subscription is over and a hole could not be healed. */
  resync(): void {
    this.#unsubscribed();
    this.#snapshotsWanted++;
    void this.#work();
  }

  closed(code: string, sentence: string): void {
    if (this.#stopped) return;
    this.stop();
    this.#source.closed(code, sentence);
  }

  stop(): void {
    this.#stopped = true;
    this.#wake.abort();
    clearTimeout(this.#lateTimer);
  }

  #unsubscribed(): void {
    this.#link++;
    this.#subscribedEpoch = null;
    this.#held.clear();
    this.#known = 0;
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  get #wantsSnapshot(): boolean {
    return this.#snapshotsTaken < this.#snapshotsWanted;
  }

  /** Applies what is next in order; what stays is behind a hole. */
  #settle(): void {
    if (!this.#position || this.#wantsSnapshot) return;
    const ready: StreamEvent[] = [];
    let seq = this.#position.seq;
    for (let next = this.#held.get(seq + 1); next; next = this.#held.get(seq + 1)) {
      ready.push(next);
      seq++;
    }
    for (const held of this.#held.keys()) {
      if (held <= seq) this.#held.delete(held);
      else this.#known = Math.max(this.#known, held);
    }
    this.#position = { epoch: this.#position.epoch, seq };
    if (ready.length > 0) this.#source.apply(ready);
    if (this.#known > seq) void this.#work();
  }

  /** The next step; null when nothing is missing, or when only a connection can bring it. */
  #next(): (() => Promise<void>) | null {
    const unsubscribed = this.#subscribedEpoch === null || this.#subscribedEpoch !== this.#position?.epoch;
    if (!this.#source.numbered && unsubscribed) return this.#online ? () => this.#subscribe() : null;
    if (this.#wantsSnapshot) return () => this.#snapshot();
    if (this.#online && unsubscribed) return () => this.#subscribe();
    if (this.#position && this.#known > this.#position.seq) return () => this.#catchUp();
    return null;
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let failures = 0; !this.#stopped; ) {
      const step = this.#next();
      if (!step) break;
      try {
        await step();
        failures = 0;
      } catch (error) {
        if (error instanceof StreamClosed) this.closed(error.code, error.sentence);
        else await pause(fullJitter(failures++, 1000, 15_000, this.#random), this.#wake.signal);
      }
    }
    this.#busy = false;
  }

  async #subscribe(): Promise<void> {
    this.#held.clear();
    const link = ++this.#link;
    const asked = this.#position;
    const answer = await this.#ways.subscribe(this.#source.stream, asked?.seq ?? null, asked?.epoch ?? null);
    if (link !== this.#link || this.#stopped) return;
    this.#subscribedEpoch = answer.epoch;
    if (asked && answer.recovered && answer.epoch === asked.epoch) {
      this.receive(answer.events);
      this.head(answer.head);
      return;
    }
    if (!this.#source.numbered) this.#position = { epoch: answer.epoch, seq: answer.head };
    this.#known = Math.max(this.#known, answer.head);
    this.#snapshotsWanted = Math.max(this.#snapshotsWanted, this.#snapshotsTaken + 1);
  }

  async #snapshot(): Promise<void> {
    const wanted = this.#snapshotsWanted;
    if (this.#snapshotsTaken > 0) await pause(this.#random() * reloadSpreadMs);
    const position = await this.#source.snapshot();
    if (this.#stopped) return;
    this.#snapshotsTaken = wanted;
    if (position) this.#position = position;
    this.#settle();
  }

  async #catchUp(): Promise<void> {
    const asked = this.#position;
    if (!asked) return;
    const page = await this.#ways.catchUp(this.#source.stream, asked.seq, asked.epoch);
    if (this.#stopped || this.#position?.epoch !== asked.epoch) return;
    if (!page.complete || page.epoch !== asked.epoch || page.head < asked.seq) {
      this.#snapshotsWanted++;
      return;
    }
    for (const event of page.events) this.#held.set(event.seq, event);
    const before = this.#position.seq;
    this.#settle();
    // An announced number that the log does not have yet: asked again after a while.
    if (this.#known > before && this.#position.seq === before && asked.seq === before)
      throw new Error(`${this.#source.stream} has no event ${before + 1} yet`);
  }
}
