import { effect, type Signal, signal } from "@preact/signals";
import { forget, put, shelf } from "./shelf";

const prefix = "draft ";

/** What somebody has typed for a room and not sent, kept over reloads. */
export function draftFor(room: string, kept: Storage | null = shelf("localStorage")): Signal<string> {
  const key = `${prefix}${room}`;
  const draft = signal(kept?.getItem(key) ?? "");
  effect(() => {
    put(kept, key, draft.value.trim() === "" ? null : draft.value);
  });
  return draft;
}

export const forgetDrafts = (kept: Storage | null = shelf("localStorage")) => forget(kept, prefix);
