import { signal } from "@preact/signals";
import type { Api } from "./api";
import { fullJitter, pause } from "./backoff";
import type { Again } from "./http";
import { Identity } from "./identity";
import { newId } from "./ids";
import type { Live } from "./live";
import { Problem } from "./problem";
import { QuestionStore, type Wanted } from "./store";
import { toast, toastProblem } from "./toasts";
import { keepUnsent } from "./unsent";
import type { Page, Position, Question, Room, RoomRole } from "./wire";

/** Of whoever has been deleted since, nothing but the event's own id is left. */
type RoleChanged = { readonly userId?: string; readonly role: RoomRole };

const lobby = "LOBBY";
// More questions than this are not loaded; what is asked or moves later still arrives.
const pagesAtMost = 10;
// The server knows a question again by its author and `clientId`: sent by itself it could stand there twice.
const somebodyElse = "You are somebody else now. Look whether this has arrived before you send it again.";
// Whoever votes and leaves at once waits no longer than this for the vote to arrive.
const leaveAfterMs = 3000;

export type Phase = "loading" | "ready" | "unknown" | "unreachable";

/** The room a person is in: loads it, follows it, and carries out what the person does. */
export class RoomPage {
  readonly room = signal<Room | null>(null);
  readonly phase = signal<Phase>("loading");
  /** Why the live connection to this room ended; null while it has not. */
  readonly ended = signal<string | null>(null);
  readonly identity: Identity;
  readonly store: QuestionStore;
  readonly live: Live;
  readonly #api: Api;
  readonly #random: () => number;
  /** Sent again without its session, an act would be a new guest's. */
  readonly #whileHere: Again = (failures) => failures <= 3 && !!this.identity.me.value;
  /** What an earlier page of this tab could not send. */
  readonly #left: ReturnType<typeof keepUnsent>;
  #entered: Promise<unknown> | null = null;
  readonly #voting = new Set<Promise<void>>();

  constructor(
    readonly code: string,
    api: Api,
    live: Live,
    kept?: Storage | null,
    identity = new Identity(api),
    random: () => number = Math.random,
  ) {
    this.#api = api;
    this.#random = random;
    this.live = live;
    this.identity = identity;
    this.store = new QuestionStore(() => this.identity.me.value?.id ?? null);
    this.#left = keepUnsent(this.store, code, kept);
  }

  get isHost(): boolean {
    const me = this.identity.me.value;
    return !!me && (this.room.value?.hostId === me.id || me.roles.includes("admin"));
  }

  get mayModerate(): boolean {
    return this.isHost || (!!this.identity.me.value && this.room.value?.role === "moderator");
  }

  /** Loads the room, tried again without end while the server is away. */
  async open(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        // Who I am decides which questions are marked as mine, so it is known before they are shown.
        const [room] = await Promise.all([this.#api.room(this.code), this.identity.load()]);
        this.room.value = room;
        this.phase.value = "ready";
        this.#follow(room.id);
        this.#sendLeft();
        return;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        // The answer has cleared the dead cookie: without it everybody may read the room.
        if (this.identity.refused(error) && attempt === 0) continue;
        this.phase.value = error.status === 404 ? "unknown" : "unreachable";
        if (error.status === 404) return;
        await pause(fullJitter(attempt, 2000, 15_000, this.#random));
      }
    }
  }

  #sendLeft(): void {
    const { me, ended } = this.identity;
    for (const { author, ...wanted } of this.#left) {
      if (!this.store.isOutgoing(wanted.clientId)) continue;
      if (author && author !== me.value?.id && !ended.value)
        this.store.sendingFailed(wanted.clientId, [somebodyElse], 0);
      else void this.askAgain(wanted);
    }
  }

  #follow(roomId: string): void {
    const closed = (code: string, sentence: string) => {
      this.ended.value = sentence || code;
    };
    this.live.follow({
      stream: `questions/${roomId}`,
      numbered: true,
      snapshot: () => this.#load(roomId),
      apply: (events) => this.store.apply(events),
      closed,
    });
    this.live.follow({
      stream: `rooms/${roomId}`,
      numbered: false,
      snapshot: async () => {
        this.room.value = await this.#api.room(roomId);
        return null;
      },
      apply: (events) => {
        for (const event of events) {
          if (!this.room.value) continue;
          if (event.type.startsWith("room."))
            this.room.value = { ...this.room.value, ...(event.data as Partial<Room>) };
          else if (event.type === "member.roleChanged") this.#becomes(event.data as RoleChanged);
        }
      },
      closed,
    });
  }

  #becomes({ userId, role }: RoleChanged): void {
    if (this.room.value && userId && userId === this.identity.me.value?.id)
      this.room.value = { ...this.room.value, role };
  }

  async #load(roomId: string): Promise<Position> {
    const begun = this.store.beginLoad();
    const [live, answered] = await Promise.all([
      this.#api.questions({ room: roomId, state: "live", sort: "top" }),
      this.#api.questions({ room: roomId, state: "answered", sort: "newest" }),
    ]);
    const first = live.stream.seq <= answered.stream.seq ? live.stream : answered.stream;
    // The first load shows what it has; a later one must not make the rest vanish for a moment.
    if (!this.store.loaded.value) this.store.replace(inOrder([live, answered]), begun);
    const more = [
      ...(await this.#rest(roomId, "live", "top", live)),
      ...(await this.#rest(roomId, "answered", "newest", answered)),
    ];
    this.store.replace(inOrder([live, answered, ...more]), begun);
    return { epoch: first.epoch, seq: first.seq };
  }

  async #rest(room: string, state: "live" | "answered", sort: "top" | "newest", page: Page<Question>) {
    const pages: Page<Question>[] = [];
    let after = page.next;
    while (after && pages.length < pagesAtMost - 1) {
      const next = await this.#api.questions({ room, state, sort, after });
      pages.push(next);
      after = next.next;
    }
    return pages;
  }

  // ---- what the person does

  /**
   * Sends a question, again and again while the server is away, until it is discarded. A refusal stays
   * in the store, to be read and sent again. Answers the question's id, or null.
   */
  async ask(
    body: string,
    anonymous: boolean,
    name: string | null,
    clientId: string = newId(),
  ): Promise<string | null> {
    const text = body.trim();
    const author = this.store.sending({ clientId, body: text, anonymous, name });
    let open = false;
    const wanted = () => {
      this.store.sendingWaits(clientId);
      return this.store.isOutgoing(clientId);
    };
    const again = () => {
      open = true;
      // Without its session the server would take this browser for a new guest, and the question for theirs.
      return wanted() && !!this.identity.me.value;
    };
    try {
      await this.#arrive(name, wanted);
      if (!this.store.isOutgoing(clientId)) return null;
      const request = { body: text, room: this.room.value?.id ?? this.code, anonymous, clientId };
      this.store.sendingAs(this.identity.me.value?.id ?? null, clientId);
      const question = await this.#api.ask(request, again);
      this.store.confirm(question, clientId);
      return question.id;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.identity.refused(error);
      // Refused, and no earlier try was left unanswered.
      const notThere = error.refused && !open;
      if (notThere) this.store.sendingAs(author, clientId);
      this.store.sendingFailed(clientId, error.sentences, error.againAt, notThere);
      return null;
    }
  }

  /** The same question once more. The name counts while there is nobody: whoever is somebody may have another one by now. */
  askAgain({ body, anonymous, name, clientId }: Wanted): Promise<string | null> {
    return this.ask(body, anonymous, this.identity.me.value ? null : name, clientId);
  }

  /** Makes sure that there is somebody, and that this somebody has entered the room. */
  async #arrive(name: string | null, again: () => boolean = () => false): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#enter(name);
      } catch (error) {
        if (!(error instanceof Problem && error.passing && again())) throw error;
        await pause(fullJitter(attempt, 500, 8000, this.#random));
      }
    }
  }

  async #enter(name: string | null): Promise<void> {
    await this.identity.ensure(name);
    const room = this.room.value;
    if (!room || room.code === lobby) return;
    this.#entered ??= this.#api.enter(room.id, this.#whileHere).catch((error: unknown) => {
      this.#entered = null;
      throw error;
    });
    await this.#entered;
  }

  /** One request in flight a question: pressed again meanwhile, the last wish is sent after the answer. */
  async vote(id: string, want: boolean): Promise<void> {
    if (!this.store.press(id, want)) return;
    const voting = this.#vote(id, want);
    this.#voting.add(voting);
    await voting;
    this.#voting.delete(voting);
  }

  /** Null where the page may be left at once; else resolves when no vote is on its way, or after a moment. */
  settled(): Promise<unknown> | null {
    return this.#voting.size === 0 ? null : Promise.race([Promise.all(this.#voting), pause(leaveAfterMs)]);
  }

  async #vote(id: string, want: boolean): Promise<void> {
    try {
      await this.#arrive(null);
      for (;;) {
        const sent = this.store.wish(id) ?? want;
        const result = await this.#api.vote(id, sent, this.#whileHere);
        if ((this.store.wish(id) ?? sent) === sent) return this.store.voteAnswered(id, result);
      }
    } catch (error) {
      this.store.voteRefused(id);
      this.identity.refused(error);
      toastProblem(error);
    }
  }

  async becomeHost(token: string): Promise<void> {
    await this.#act(async () => {
      await this.identity.ensure();
      this.room.value = await this.#api.acceptLink(token, this.#whileHere);
      toast("You are the host of this room");
    });
  }

  async markAnswered(id: string): Promise<void> {
    await this.#act(async () => {
      this.store.confirm(await this.#api.answer(id));
      toast("Marked as answered");
    });
  }

  async reopen(id: string): Promise<void> {
    await this.#act(async () => this.store.confirm(await this.#api.reopen(id)));
  }

  async #act(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.identity.refused(error);
      toastProblem(error);
    }
  }
}

// The later read of a question that is in two pages wins.
const inOrder = (pages: Page<Question>[]) => pages.sort((a, b) => a.stream.seq - b.stream.seq);

/** The room that an address names: `/r/CODE`, `/?room=CODE`, else the lobby. */
export function codeOf(url: URL): string {
  const named =
    /^\/r\/([^/]+)\/?$/.exec(url.pathname)?.[1]?.replaceAll("%20", "") ?? url.searchParams.get("room");
  return (named ?? "").replaceAll(/\s/g, "").toUpperCase() || lobby;
}
