import { effect, type Signal, signal } from "@preact/signals";
import { forget, put, shelf } from "./shelf";

const prefix = "draft ";
/** Those on this page. */
const drafts = new Set<Signal<string>>();

/** What somebody has typed for a room and not sent, kept over reloads. */
export function draftFor(room: string, kept: Storage | null = shelf("localStorage")): Signal<string> {
  const key = `${prefix}${room}`;
  const draft = signal(kept?.getItem(key) ?? "");
  drafts.add(draft);
  effect(() => {
    put(kept, key, draft.value.trim() === "" ? null : draft.value);
  });
  return draft;
}

export function forgetDrafts(kept: Storage | null = shelf("localStorage")): void {
  forget(kept, prefix);
  for (const draft of drafts) draft.value = "";
}
