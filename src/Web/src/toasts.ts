import { signal } from "@preact/signals";
import { Problem } from "./problem";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: "error" | "info";
  /** When what was refused may be tried again; 0: nothing has to be waited for. */
  readonly againAt: number;
}

export const toasts = signal<readonly Toast[]>([]);
let last = 0;

const shownForMs = { error: 8000, info: 3000 };
const shownAtMostMs = 30_000;

export function toast(text: string, kind: Toast["kind"] = "info", againAt = 0): void {
  const id = ++last;
  // The same sentence twice is one sentence.
  toasts.value = [...toasts.value.filter((one) => one.text !== text), { id, text, kind, againAt }].slice(-3);
  const waitMs = Math.min(againAt - Date.now(), shownAtMostMs);
  setTimeout(() => dismiss(id), Math.max(shownForMs[kind], waitMs));
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

export function toastProblem(error: unknown): void {
  if (!(error instanceof Problem)) throw error;
  toast(error.sentences.join(" "), "error", error.retryAfterMs ? error.againAt : 0);
}
