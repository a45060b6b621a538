import { signal } from "@preact/signals";
import { Problem } from "./problem";
import type { List } from "./wire";

/** A list that comes in pages. */
export class Pages<T> {
  /** Null until the first page is here. */
  readonly items = signal<readonly T[] | null>(null);
  readonly next = signal<string | null>(null);
  /** Why the last load failed; what is shown is then from before. */
  readonly problem = signal<Problem | null>(null);
  readonly busy = signal(false);
  readonly #page: (after: string | null) => Promise<List<T>>;
  #latest = 0;

  constructor(page: (after: string | null) => Promise<List<T>>) {
    this.#page = page;
  }

  /** From the start, as far as the list goes that is shown: whoever reads its end does not lose their place. */
  reload(): Promise<void> {
    return this.#load([], null, this.items.value?.length ?? 0);
  }

  /** The first page of what is another list now. */
  restart(): Promise<void> {
    return this.#load([], null, 0);
  }

  async more(): Promise<void> {
    if (this.busy.value) return;
    await this.#load(this.items.value ?? [], this.next.value, 0);
  }

  replace(one: T, isIt: (other: T) => boolean): void {
    this.items.value = this.items.value?.map((other) => (isIt(other) ? one : other)) ?? null;
  }

  /** Rejects with a `Problem`, which is also kept. */
  async #load(before: readonly T[], from: string | null, atLeast: number): Promise<void> {
    const asked = ++this.#latest;
    this.busy.value = true;
    try {
      let items = before;
      let after = from;
      do {
        const page = await this.#page(after);
        items = [...items, ...page.items];
        after = page.next;
      } while (after && items.length < atLeast);
      // What was asked for meanwhile has its own answer.
      if (asked !== this.#latest) return;
      this.items.value = items;
      this.next.value = after;
      this.problem.value = null;
    } catch (error) {
      if (asked !== this.#latest) return;
      if (error instanceof Problem) this.problem.value = error;
      throw error;
    } finally {
      if (asked === this.#latest) this.busy.value = false;
    }
  }
}
