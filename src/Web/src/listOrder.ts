import { effect, signal, untracked } from "@preact/signals";
import { type QuestionStore, type Sort, sorted } from "./store";

// A list that reorders more often than this cannot be read or hit.
const settleEveryMs = 1000;

/**
 * Which questions the list shows, and in which order. While the reader is at the top it follows the
 * store; while the reader is further down nothing moves under the thumb, and what is new waits.
 */
export class ListOrder {
  readonly ids = signal<readonly string[]>([]);
  /** How many new questions wait behind the button. */
  readonly waiting = signal(0);
  readonly sort = signal<Sort>("top");
  /** What a screen reader is told. */
  readonly news = signal("");
  readonly #store: QuestionStore;
  #settledAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #atTop = true;

  constructor(store: QuestionStore) {
    this.#store = store;
    effect(() => {
      store.revision.value;
      untracked(() => this.#changed());
    });
  }

  by(sort: Sort): void {
    this.sort.value = sort;
    this.settle();
  }

  scrolled(atTop: boolean): void {
    if (atTop === this.#atTop) return;
    this.#atTop = atTop;
    if (atTop) this.#changed();
  }

  /** Shows everything in its place, now. */
  settle(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // The empty list of before the first load must not stay for a moment as if nobody had asked.
    if (this.#store.loaded.peek()) this.#settledAt = Date.now();
    const before = new Set(this.ids.value);
    const entries = sorted(this.#store.all("live"), this.sort.value);
    const news = entries.filter((entry) => !entry.mine && !before.has(entry.question.id));
    if (before.size > 0 && news.length === 1) this.news.value = `New question: ${news[0]?.question.body}`;
    else if (before.size > 0 && news.length > 1) this.news.value = `${news.length} new questions`;
    this.#show(entries.map((entry) => entry.question.id));
    this.waiting.value = 0;
  }

  #changed(): void {
    if (!this.#atTop) {
      this.#keepStill();
      return;
    }
    const due = this.#ownArrived ? 0 : this.#settledAt + settleEveryMs - Date.now();
    if (due <= 0) {
      this.settle();
      return;
    }
    this.#dropGone();
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed();
    }, due);
  }

  /** An own question is no longer among those on their way, so it must be in the list. */
  get #ownArrived(): boolean {
    return this.#store.outgoing.peek().some((one) => one.arrived);
  }

  /** What was answered or removed is already shown as such elsewhere, and must not be here as well. */
  #dropGone(): readonly string[] {
    const live = this.#store.all("live").map((entry) => entry.question.id);
    const there = new Set(live);
    this.#show(this.ids.value.filter((id) => there.has(id)));
    return live;
  }

  #keepStill(): void {
    const live = this.#dropGone();
    const shown = new Set(this.ids.value);
    const waiting = live.filter((id) => !shown.has(id)).length;
    if (waiting > 0 && waiting !== this.waiting.value)
      this.news.value =
        waiting === 1 ? "One new question is waiting" : `${waiting} new questions are waiting`;
    this.waiting.value = waiting;
  }

  #show(ids: readonly string[]): void {
    const now = this.ids.value;
    if (ids.length !== now.length || ids.some((id, at) => id !== now[at])) this.ids.value = ids;
  }
}
