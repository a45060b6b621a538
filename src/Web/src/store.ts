import { batch, type Signal, signal } from "@preact/signals";
import { answered, counted, fresh, pressed, refused, released, type Votes } from "./votes";
import type { Page, Person, Question, QuestionData, QuestionState, StreamEvent, VoteResult } from "./wire";

export interface Entry {
  readonly question: QuestionData;
  readonly mine: boolean;
  readonly votes: Votes;
  /** The stream number this state contains. */
  readonly seq: number;
  /** When this person last changed it (by the store's own count); a load begun earlier may not know that yet. */
  readonly touched: number;
}

/** A question as its asker wants it. */
export interface Wanted {
  readonly clientId: string;
  readonly body: string;
  readonly anonymous: boolean;
  /** What the asker wants to be called; null: as now, or a friendly name the server finds. */
  readonly name: string | null;
}

/** An own question that the server has not confirmed. */
export interface Outgoing extends Wanted {
  /** In whose name it was sent last; null: it has not been sent. The server may have it, and only under this name. */
  readonly author: string | null;
  readonly state: "sending" | "waiting" | "failed";
  readonly sentences: readonly string[];
  /** The server asked to send it no earlier than this. */
  readonly againAt: number;
  /** The stream shows a question with this text already: most likely this one, its answer is still on the way. */
  readonly arrived: boolean;
}

// Other events carry the count of the moment somebody decided them, which votes may have overtaken.
const tellsVotes = new Set(["question.asked", "question.merged", "question.unmerged"]);
// The server tells counts at most every 250 ms; what comes later than this is news.
const holdMs = 1000;

/** The questions of one room: what REST loaded, what the stream tells, and what this person did, laid over it. */
export class QuestionStore {
  /** Goes up whenever a question came, went, changed its place or its state. */
  readonly revision = signal(0);
  readonly outgoing = signal<readonly Outgoing[]>([]);
  readonly loaded = signal(false);
  readonly #entries = new Map<string, Signal<Entry>>();
  /** Questions the stream took away, so that a page read earlier does not bring them back. */
  readonly #gone = new Map<string, number>();
  readonly #me: () => string | null;
  #acts = 0;

  constructor(me: () => string | null) {
    this.#me = me;
  }

  entry(id: string): Signal<Entry> | undefined {
    return this.#entries.get(id);
  }

  /** The entries of a state, in no order. Own questions that wait for approval count as live. */
  all(state: "live" | "answered"): Entry[] {
    const shows = (entry: Entry) =>
      entry.question.state === state ||
      (state === "live" && entry.question.state === "pending" && entry.mine);
    return [...this.#entries.values()].map((entry) => entry.peek()).filter(shows);
  }

  /** Call before a load; its answer goes to `replace`. */
  beginLoad(): number {
    return this.#acts;
  }

  /**
   * Takes the first pages of a load as the truth, except for what this person did since it began.
   * @param begun what `beginLoad` answered
   */
  replace(pages: readonly Page<Question>[], begun: number): void {
    batch(() => {
      const kept = new Set(pages.flatMap((page) => page.items.map((item) => item.id)));
      for (const [id, entry] of this.#entries) {
        const { touched, mine, question } = entry.peek();
        if (!kept.has(id) && touched <= begun && !(mine && question.state === "pending"))
          this.#entries.delete(id);
      }
      this.#gone.clear();
      for (const page of pages) this.add(page, begun, true);
      this.loaded.value = true;
      this.revision.value++;
    });
  }

  /** A further page of a load. */
  add(page: Page<Question>, begun: number, authoritative = false): void {
    batch(() => {
      for (const item of page.items) {
        const known = this.#entries.get(item.id);
        if (known && known.peek().touched > begun) continue;
        if (!authoritative && (known?.peek().seq ?? this.#gone.get(item.id) ?? -1) > page.stream.seq)
          continue;
        this.#write({
          question: item,
          mine: item.mine,
          votes: fresh(item.votes, item.voted),
          seq: page.stream.seq,
          touched: 0,
        });
        // An earlier page sent it, and this one reads it before its own sending of it is answered.
        if (!known && item.mine) this.#markArrived(item, (one) => one.author === this.#me());
      }
      this.revision.value++;
    });
  }

  /** Events of the room's stream, in order. */
  apply(events: readonly StreamEvent[]): void {
    batch(() => {
      for (const event of events) this.#applyOne(event);
    });
  }

  #applyOne({ type, seq, data }: StreamEvent): void {
    const told = data as Partial<QuestionData> & { id: string };
    const known = this.#entries.get(told.id);
    if (known && seq <= known.peek().seq) return;
    switch (type) {
      case "question.voted":
        if (known && told.votes !== undefined) this.#count(known, told.votes, seq);
        break;
      case "question.removed":
      case "question.archived":
        this.#gone.set(told.id, seq);
        if (this.#entries.delete(told.id)) this.revision.value++;
        break;
      default:
        if (type.startsWith("question.")) this.#merge(told, seq, tellsVotes.has(type));
    }
  }

  #count(known: Signal<Entry>, votes: number, seq: number): void {
    const entry = known.peek();
    known.value = { ...entry, votes: counted(entry.votes, votes), seq };
    if (entry.question.state === "live") this.revision.value++;
  }

  /** A question as everyone sees it; `mine` and `voted` are this person's own and stay. */
  #merge(told: Partial<QuestionData> & { id: string }, seq: number, counts: boolean): void {
    const known = this.#entries.get(told.id)?.peek();
    if (!known && !isWhole(told)) return;
    const question = { ...known?.question, ...told } as QuestionData;
    const mine = known?.mine ?? isBy(told.author, this.#me());
    let votes = known?.votes ?? fresh(question.votes, mine);
    if (known && counts && told.votes !== undefined) votes = counted(votes, question.votes);
    this.#write({ question, mine, votes, seq, touched: known?.touched ?? 0 });
    if (!known) this.#markArrived(question);
    this.revision.value++;
  }

  #write(entry: Entry): void {
    this.#gone.delete(entry.question.id);
    const known = this.#entries.get(entry.question.id);
    if (known) known.value = entry;
    else this.#entries.set(entry.question.id, signal(entry));
  }

  // ---- what this person does

  /**
   * A question was sent, or is sent again.
   * @param sentBy who had sent it, where that is not known here yet
   * @returns who had sent it
   */
  sending(wanted: Wanted, sentBy: string | null = null): string | null {
    const known = this.outgoing.value.find((one) => one.clientId === wanted.clientId);
    const others = this.outgoing.value.filter((one) => one !== known);
    const author = known?.author ?? sentBy;
    const state = "sending" as const;
    const fresh = { state, sentences: [], againAt: 0, arrived: false };
    this.outgoing.value = [...others, { ...wanted, author, ...fresh }];
    return author;
  }

  /** The server may have it under this person's name. */
  sendingAs(author: string | null, clientId: string): void {
    this.#outgoingBecomes(clientId, { author });
  }

  sendingWaits(clientId: string): void {
    this.#outgoingBecomes(clientId, { state: "waiting" });
  }

  /** @param notThere the server is known not to have it: what was taken for it is somebody else's, with the same words */
  sendingFailed(clientId: string, sentences: readonly string[], againAt: number, notThere = true): void {
    const change = { state: "failed", sentences, againAt } as const;
    this.#outgoingBecomes(clientId, notThere ? { ...change, arrived: false } : change);
  }

  #outgoingBecomes(clientId: string, change: Partial<Outgoing>): void {
    this.outgoing.value = this.outgoing.value.map((one) =>
      one.clientId === clientId ? { ...one, ...change } : one,
    );
  }

  isOutgoing(clientId: string): boolean {
    return this.outgoing.value.some((one) => one.clientId === clientId);
  }

  discardAll(): void {
    this.outgoing.value = [];
  }

  discard(clientId: string): void {
    this.outgoing.value = this.outgoing.value.filter((one) => one.clientId !== clientId);
  }

  /** The server's answer to an own act: the whole question as this person sees it. */
  confirm(question: Question, clientId?: string): void {
    batch(() => {
      if (clientId) this.discard(clientId);
      const known = this.#entries.get(question.id)?.peek();
      this.#write({
        question: { ...known?.question, ...question },
        mine: question.mine,
        votes: known
          ? counted({ ...known.votes, voted: question.voted }, Math.max(known.votes.count, question.votes))
          : fresh(question.votes, question.voted),
        // The answer names no stream number: the events behind it are applied all the same.
        seq: known?.seq ?? 0,
        touched: ++this.#acts,
      });
      this.revision.value++;
    });
  }

  #markArrived(question: QuestionData, may: (one: Outgoing) => boolean = () => true): void {
    const me = this.#me();
    if (question.author && question.author.id !== me) return;
    const isThis = (one: Outgoing) =>
      one.state !== "failed" && one.anonymous === !question.author && one.body === question.body;
    const match = this.outgoing.value.find((one) => !one.arrived && isThis(one) && may(one));
    if (match)
      this.outgoing.value = this.outgoing.value.map((one) =>
        one === match ? { ...one, arrived: true } : one,
      );
  }

  /** Shows the wish at once. Answers false while a request for this question is under way: then only the wish changed. */
  press(id: string, want: boolean): boolean {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    const free = entry.peek().votes.want === null;
    entry.value = { ...entry.value, votes: pressed(entry.value.votes, want, ++this.#acts) };
    return free;
  }

  wish(id: string): boolean | null {
    return this.#entries.get(id)?.peek().votes.want ?? null;
  }

  voteAnswered(id: string, result: VoteResult): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const since = ++this.#acts;
    entry.value = { ...entry.value, votes: answered(entry.value.votes, result, since), touched: since };
    this.revision.value++;
    setTimeout(() => {
      entry.value = { ...entry.value, votes: released(entry.value.votes, since) };
      this.revision.value++;
    }, holdMs);
  }

  voteRefused(id: string): void {
    const entry = this.#entries.get(id);
    if (entry) entry.value = { ...entry.value, votes: refused(entry.value.votes) };
  }
}

function isBy(author: Person | null | undefined, me: string | null): boolean {
  return !!author && author.id === me;
}

// Of what was deleted the log keeps the id only.
function isWhole(told: Partial<QuestionData>): told is QuestionData {
  return told.body !== undefined && told.state !== undefined && told.votes !== undefined;
}

export type Sort = "top" | "newest";

const byNewest = (a: Entry, b: Entry) =>
  b.question.createdAt.localeCompare(a.question.createdAt) || b.question.id.localeCompare(a.question.id);

/** Pinned first, then as asked for. Own presses do not move a question until the server has counted them. */
export function sorted(entries: readonly Entry[], sort: Sort): Entry[] {
  const pinned = (a: Entry, b: Entry) => Number(b.question.pinned) - Number(a.question.pinned);
  const order =
    sort === "newest" ? byNewest : (a: Entry, b: Entry) => b.votes.count - a.votes.count || byNewest(a, b);
  return [...entries].sort((a, b) => pinned(a, b) || order(a, b));
}

/** The last answered first. */
export const sortedAnswered = (entries: readonly Entry[]): Entry[] =>
  [...entries].sort((a, b) => b.question.updatedAt.localeCompare(a.question.updatedAt));

export type { QuestionState };
