import { effect } from "@preact/signals";
import { put, shelf } from "./shelf";
import type { Outgoing, QuestionStore } from "./store";

type Unsent = Pick<Outgoing, "clientId" | "body" | "anonymous" | "author">;

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
  for (const one of left) store.sending(one.clientId, one.body, one.anonymous, one.author);
  effect(() => {
    const unsent: Unsent[] = store.outgoing.value.map(({ clientId, body, anonymous, author }) => ({
      clientId,
      body,
      anonymous,
      author,
    }));
    put(kept, key, unsent.length > 0 ? JSON.stringify(unsent) : null);
  });
  return left;
}

/** Who leaves takes along what they had not sent: the next person at this browser must not read it, nor send it. */
export function forgetUnsent(kept: Storage | null = shelf("sessionStorage")): void {
  for (const key of Object.keys(kept ?? {})) if (key.startsWith(prefix)) put(kept, key, null);
}
