import { effect, type Signal, signal } from "@preact/signals";
import { put, shelf } from "./shelf";

/** What somebody has typed for a room and not sent, kept over reloads. */
export function draftFor(room: string, kept: Storage | null = shelf("localStorage")): Signal<string> {
  const key = `draft ${room}`;
  const draft = signal(kept?.getItem(key) ?? "");
  effect(() => {
    put(kept, key, draft.value.trim() === "" ? null : draft.value);
  });
  return draft;
}
