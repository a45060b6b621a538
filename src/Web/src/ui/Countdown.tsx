import { useEffect, useState } from "preact/hooks";
import { duration } from "../text";

/** Counts down to a moment; 0 from then on. */
export function useSecondsUntil(moment: number): number {
  const [now, tick] = useState(Date.now);
  const seconds = Math.max(0, Math.ceil((moment - now) / 1000));
  useEffect(() => {
    tick(Date.now());
    if (moment <= Date.now()) return;
    const timer = setInterval(() => {
      tick(Date.now());
      if (moment <= Date.now()) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
  }, [moment]);
  return seconds;
}

/** For eyes only: a screen reader has the server's sentence and would be told every second. */
export function Countdown({ seconds, after }: { seconds: number; after?: string }) {
  if (seconds === 0) return null;
  return (
    <span class="wait" aria-hidden="true">
      {after} in {duration(seconds)}
    </span>
  );
}
