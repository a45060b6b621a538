import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";

export type LinkState = "fine" | "offline" | "back";

// A phone that changes its cell is away for a second or two; that is no news.
const sayAfterMs = 5000;
const backForMs = 3000;

/** What the person should be told about the connection. */
export function linkState(connected: ReadonlySignal<boolean>): Signal<LinkState> {
  const state = signal<LinkState>("fine");
  effect(() => {
    const online = connected.value;
    if (online && state.peek() !== "offline") return;
    if (online) state.value = "back";
    const next = online ? "fine" : "offline";
    const timer = setTimeout(
      () => {
        state.value = next;
      },
      online ? backForMs : sayAfterMs,
    );
    return () => clearTimeout(timer);
  });
  return state;
}
