import { signal } from "@preact/signals";
import type { Api } from "./api";
import { Problem } from "./problem";
import type { Me, Myself } from "./wire";

/** Who this browser is. Nobody, until the first act: then a guest, remembered by cookie. */
export class Identity {
  readonly me = signal<Myself | null>(null);
  /**
   * This browser was somebody, and the server knows that session no more. Nothing is done in a name then until the
   * person has decided: going on by itself would make a new guest, and lose them their questions and votes.
   */
  readonly ended = signal(false);
  readonly #api: Api;
  readonly #tell: (left: boolean) => void;
  readonly #prove: (accessToken: string) => void;
  #asked: Promise<void> | null = null;
  #making: Promise<void> | null = null;

  /**
   * @param tell lets the browser's other tabs know that they are somebody else now, and whether who was here has left
   * @param prove makes the live connection, which nobody has opened, the new guest's
   */
  constructor(
    api: Api,
    tell: (left: boolean) => void = () => {},
    prove: (accessToken: string) => void = () => {},
  ) {
    this.#api = api;
    this.#tell = tell;
    this.#prove = prove;
  }

  load(): Promise<void> {
    this.#asked ??= this.#api.me().then(
      (me) => {
        this.me.value = me;
      },
      (error: unknown) => {
        if (this.refused(error)) return;
        this.#asked = null;
        throw error;
      },
    );
    return this.#asked;
  }

  /**
   * Makes sure there is somebody before an act. Two acts at once without a cookie would make two
   * guests, and the second cookie would lose what the first one did.
   * @param name what the person wants to be called; null: as now, or a friendly name the server finds
   */
  async ensure(name: string | null = null): Promise<void> {
    await this.load();
    if (this.ended.value) throw Problem.sessionEnded();
    if (this.me.value) {
      if (name && name !== this.me.value.name) await this.rename(name);
      return;
    }
    this.#making ??= this.#api
      .makeGuest(name)
      .then(({ user, accessToken }) => {
        this.became(user);
        this.#prove(accessToken);
      })
      .finally(() => {
        this.#making = null;
      });
    await this.#making;
  }

  async rename(name: string): Promise<void> {
    this.learn(await this.#api.rename(name));
  }

  /** Takes over what an act has changed about this person. */
  learn(changed: Partial<Myself>): void {
    if (this.me.value) this.me.value = { ...this.me.value, ...changed };
  }

  /**
   * After an act that changed who this browser is.
   * @param left signed out or deleted: no tab keeps what they had typed
   */
  became(me: Me | null, left = false): void {
    this.me.value = me;
    this.ended.value = false;
    this.#tell(left);
  }

  /** Takes note of a refusal that says this browser is nobody any more, and answers whether it is one. */
  refused(error: unknown): boolean {
    const dead =
      error instanceof Problem && (error.is("session-ended") || (error.status === 401 && !!this.me.value));
    if (dead) {
      const news = !this.ended.value;
      this.me.value = null;
      this.ended.value = true;
      // The answer has cleared the cookie for the other tabs as well: what they send next would be a new guest's.
      if (news) this.#tell(false);
    }
    return dead;
  }

  /**
   * Asks again who this browser is: another tab says that it changed, or the server took no connection of this session.
   * Answers false where what is on the page is somebody else's now.
   */
  async check(): Promise<boolean> {
    await this.load();
    const was = this.me.value;
    try {
      const now = await this.#api.me();
      // An act has made this browser somebody meanwhile, and knows better.
      if (this.me.value?.id !== was?.id) return true;
      if (now?.id === was?.id || (!was && now?.kind === "guest" && !this.ended.value)) {
        this.me.value = now;
        return true;
      }
      return !now && this.refused(Problem.sessionEnded());
    } catch (error) {
      if (this.refused(error)) return true;
      throw error;
    }
  }
}
