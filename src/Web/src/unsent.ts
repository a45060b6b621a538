import { effect } from "@preact/signals";
import { put, shelf } from "./shelf";
import type { Outgoing, QuestionStore } from "./store";

type Unsent = Pick<Outgoing, "clientId" | "body" | "anonymous">;

/**
 * Keeps over a reload what was asked and not confirmed; answers what an earlier page left. Each has its
 * `clientId`, so that a question of which only the answer was lost is not asked twice. For this tab only: two
 * would send each other's.
 */
export function keepUnsent(
  store: QuestionStore,
  room: string,
  kept: Storage | null = shelf("sessionStorage"),
): readonly Unsent[] {
  const key = `unsent ${room}`;
  const left: readonly Unsent[] = JSON.parse(kept?.getItem(key) ?? "[]");
  for (const { clientId, body, anonymous } of left) store.sending(clientId, body, anonymous);
  effect(() => {
    const unsent: Unsent[] = store.outgoing.value.map(({ clientId, body, anonymous }) => ({
      clientId,
      body,
      anonymous,
    }));
    put(kept, key, unsent.length > 0 ? JSON.stringify(unsent) : null);
  });
  return left;
}
