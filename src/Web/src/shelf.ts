/**
 * Where the browser keeps things over a reload: for all tabs and days, or for this tab. Null where the person's
 * settings forbid it, which the browser tells by throwing; then things live as long as the page.
 */
export function shelf(name: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return globalThis[name] ?? null;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/** Removes all whose key begins like this. */
export function forget(kept: Storage | null, prefix: string): void {
  for (const key of Object.keys(kept ?? {})) if (key.startsWith(prefix)) put(kept, key, null);
}

/** @param text null: nothing is kept any more */
export function put(kept: Storage | null, key: string, text: string | null): void {
  try {
    if (text === null) kept?.removeItem(key);
    else kept?.setItem(key, text);
  } catch (error) {
    // A full shelf (a private window's may hold nothing at all) must not keep anybody from typing or asking.
    if (!(error instanceof DOMException)) throw error;
  }
}
