import { effect } from "@preact/signals";
import { forgetDrafts } from "./draft";
import { forget, put, shelf } from "./shelf";
import type { QuestionStore, Wanted } from "./store";

interface Unsent extends Wanted {
  /** Who had sent it. */
  readonly author: string | null;
}

const prefix = "unsent ";

/**
 * Keeps over a reload what was asked and not confirmed; answers what an earlier page left. Each has its
 * `clientId`, so that a question of which only the answer was lost is not asked twice; and its author, because the
 * same `clientId` of somebody else is another question. For this tab only: two would send each other's.
 */
export function keepUnsent(
  store: QuestionStore,
  room: string,
  kept: Storage | null = shelf("sessionStorage"),
): readonly Unsent[] {
  const key = `${prefix}${room}`;
  const left: readonly Unsent[] = JSON.parse(kept?.getItem(key) ?? "[]");
  for (const { author, ...one } of left) store.sending(one, author);
  effect(() => {
    const unsent: Unsent[] = store.outgoing.value.map(({ clientId, body, anonymous, name, author }) => ({
      clientId,
      body,
      anonymous,
      name,
      author,
    }));
    put(kept, key, unsent.length > 0 ? JSON.stringify(unsent) : null);
  });
  return left;
}

export const forgetUnsent = (kept: Storage | null = shelf("sessionStorage")) => forget(kept, prefix);

/** Who leaves takes along what they had typed: the next person at this browser must neither read nor send it. */
export function forgetTyped(): void {
  forgetUnsent();
  forgetDrafts();
}
