/**
 * Full jitter: a random share of a doubling ceiling, so that a room full of phones that lost the
 * same access point does not come back in the same second.
 */
export function fullJitter(attempt: number, firstMs: number, capMs: number, random = Math.random): number {
  return random() * Math.min(capMs, firstMs * 2 ** Math.min(attempt, 16));
}

/** Resolves after `ms`, or at once when the signal fires. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}
