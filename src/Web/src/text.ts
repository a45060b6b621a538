/** The longest question, in Unicode scalar values. */
export const bodyLimit = 500;

/** Length as the server counts it: Unicode scalar values, not UTF-16 units, so an emoji is one. */
export const lengthOf = (text: string): number => [...text].length;

/** White space and characters that show nothing are no question. */
// The letters are blank though their category says otherwise: Hangul fillers, the empty Braille pattern.
const nothing = /^[\s\p{Z}\p{Cc}\p{Cf}\p{Mn}\u115f\u1160\u2800\u3164\uffa0]*$/u;

/** What is wrong with a question, in the server's words; null if nothing. */
export function whyNot(body: string): string | null {
  if (nothing.test(body)) return "Body is required";
  const length = lengthOf(body.trim());
  if (length > bodyLimit) return `Body may have ${bodyLimit} characters, this one has ${length}`;
  return null;
}

export function ago(then: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(then)) / 1000);
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} m ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  return new Date(then).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

/** How long to wait, as a clock on the wall would have it: "40 s", "2:05 min". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} min`;
}

/** How much of a file has arrived: "0.3 MB", "12 MB". */
export function megabytes(bytes: number): string {
  const mb = bytes / 1_000_000;
  return `${mb < 10 ? mb.toFixed(1) : Math.round(mb)} MB`;
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
