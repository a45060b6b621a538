import { signal } from "@preact/signals";
import type { Api } from "./api";
import { Problem } from "./problem";
import type { Me } from "./wire";

/** Who this browser is. Nobody, until the first act: then a guest, remembered by cookie. */
export class Identity {
  readonly me = signal<Me | null>(null);
  readonly #api: Api;
  #asked: Promise<void> | null = null;
  #making: Promise<void> | null = null;

  constructor(api: Api) {
    this.#api = api;
  }

  load(): Promise<void> {
    this.#asked ??= this.#api.me().then(
      (me) => {
        this.me.value = me;
      },
      (error: unknown) => {
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
    if (this.me.value) {
      if (name && name !== this.me.value.name) this.me.value = await this.#api.rename(name);
      return;
    }
    this.#making ??= this.#api
      .makeGuest(name)
      .then((me) => {
        this.me.value = me;
      })
      .finally(() => {
        this.#making = null;
      });
    await this.#making;
  }

  /** Takes note of a refusal that says this browser is nobody any more. */
  refused(error: unknown): void {
    if (error instanceof Problem && error.status === 401) this.me.value = null;
  }
}
