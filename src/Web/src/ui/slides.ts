import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

const slideMs = 500;

/** Lets the children of a list slide to their new places, and new ones fade in. Children are known by `data-id`. */
export function useSlides(list: RefObject<HTMLElement | null>, ids: readonly string[]): void {
  const last = useRef(ids);
  const before = useRef<Map<string, number> | null>(null);
  // While this renders the page still shows the old order: the moment to measure it.
  if (last.current !== ids) before.current = placesIn(list.current);
  last.current = ids;

  useLayoutEffect(() => {
    const old = before.current;
    before.current = null;
    if (!old?.size || !list.current || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const child of childrenOf(list.current)) {
      const from = old.get(child.dataset.id ?? "");
      if (from === undefined) {
        child.animate([{ opacity: 0 }, { opacity: 1 }], { duration: slideMs, easing: "ease-out" });
        continue;
      }
      const by = from - child.offsetTop;
      // A thousand questions change places and ten are in sight: the others need no animation.
      const inSight = Math.min(from, child.offsetTop) < scrollY + innerHeight;
      if (by !== 0 && inSight)
        child.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], {
          duration: slideMs,
          easing: "cubic-bezier(.2, 0, 0, 1)",
        });
    }
  }, [list, ids]);
}

const childrenOf = (list: HTMLElement) => [...list.children].filter((child) => child instanceof HTMLElement);

function placesIn(list: HTMLElement | null): Map<string, number> {
  return new Map(list ? childrenOf(list).map((child) => [child.dataset.id ?? "", child.offsetTop]) : []);
}
