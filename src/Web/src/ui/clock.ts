import { signal } from "@preact/signals";

/** The time for "3 m ago"; ticks for all cards at once. */
export const clock = signal(Date.now());

setInterval(() => {
  if (document.visibilityState === "visible") clock.value = Date.now();
}, 20_000);
