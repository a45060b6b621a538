import { useLayoutEffect, useRef } from "preact/hooks";
import type { ListOrder } from "../listOrder";
import type { RoomPage } from "../roomPage";
import { plural } from "../text";
import { UpIcon } from "./icons";
import { OutgoingCard } from "./OutgoingCard";
import { QuestionCard } from "./QuestionCard";
import { Skeletons } from "./Skeletons";
import { useSlides } from "./slides";

export function QuestionList({ page, order, open }: { page: RoomPage; order: ListOrder; open: boolean }) {
  const list = useRef<HTMLOListElement>(null);
  const ids = order.ids.value;
  const outgoing = page.store.outgoing.value.filter((one) => !one.arrived);
  useSlides(list, ids);

  // The list is on the page before its place in the history is: the browser may have scrolled already.
  useLayoutEffect(() => order.scrolled(scrollY < 160), [order]);

  if (!page.store.loaded.value) return <Skeletons />;
  return (
    <section id="questions" tabIndex={-1} aria-label="Questions">
      {order.waiting.value > 0 && (
        <button type="button" class="news" onClick={() => toTop(order)}>
          <UpIcon /> {plural(order.waiting.value, "new question")}
        </button>
      )}
      {ids.length + outgoing.length === 0 && <Empty open={open} />}
      <ol class="cards" ref={list}>
        {outgoing.map((one) => (
          <li key={one.clientId}>
            <OutgoingCard page={page} question={one} />
          </li>
        ))}
        {ids.map((id) => (
          <li key={id} data-id={id}>
            <QuestionCard page={page} id={id} open={open} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function toTop(order: ListOrder): void {
  order.settle();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrollTo({ top: 0, behavior: still ? "instant" : "smooth" });
  document.getElementById("questions")?.focus({ preventScroll: true });
}

function Empty({ open }: { open: boolean }) {
  return (
    <div class="empty">
      <svg viewBox="0 0 64 64" aria-hidden="true">
        <path d="M16 8h32a10 10 0 0 1 10 10v18a10 10 0 0 1-10 10H32L20 56V46h-4A10 10 0 0 1 6 36V18A10 10 0 0 1 16 8z" />
        <path d="m32 19 10 14H22z" />
      </svg>
      <p class="empty-title">No open questions yet</p>
      {open && <p>Be the first to ask.</p>}
    </div>
  );
}
