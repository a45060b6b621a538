import { signal } from "@preact/signals";
import { Problem } from "./problem";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: "error" | "info";
}

export const toasts = signal<readonly Toast[]>([]);
let last = 0;

const shownForMs = { error: 8000, info: 3000 };

export function toast(text: string, kind: Toast["kind"] = "info"): void {
  const id = ++last;
  // The same sentence twice is one sentence.
  toasts.value = [...toasts.value.filter((one) => one.text !== text), { id, text, kind }].slice(-3);
  setTimeout(() => dismiss(id), shownForMs[kind]);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

export function toastProblem(error: unknown): void {
  if (!(error instanceof Problem)) throw error;
  toast(error.sentences.join(" "), "error");
}
