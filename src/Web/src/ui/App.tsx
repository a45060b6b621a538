import { useEffect, useMemo } from "preact/hooks";
import { linkState } from "../linkState";
import { ListOrder } from "../listOrder";
import type { RoomPage } from "../roomPage";
import { AnsweredSection } from "./AnsweredSection";
import { AskDialog, useAskDialog } from "./AskDialog";
import { Banners, LinkBanner } from "./Banners";
import { Header } from "./Header";
import { AskIcon } from "./icons";
import { QuestionList } from "./QuestionList";
import { SessionEnded } from "./SessionEnded";
import { Toasts } from "./Toasts";
import { Toolbar } from "./Toolbar";
import { UnknownRoom } from "./UnknownRoom";

export function App({ page }: { page: RoomPage }) {
  const order = useMemo(() => new ListOrder(page.store), [page]);
  const link = useMemo(() => linkState(page.live.connected), [page]);
  const ask = useAskDialog();
  const room = page.room.value;

  useEffect(() => {
    const scrolled = () => order.scrolled(scrollY < 160);
    addEventListener("scroll", scrolled, { passive: true });
    return () => removeEventListener("scroll", scrolled);
  }, [order]);

  useEffect(() => {
    document.title = room ? `${room.title} · Questions` : "Questions";
  }, [room]);

  if (page.phase.value === "unknown") return <UnknownRoom code={page.code} />;
  const open = room === null || room.state === "open";
  return (
    <>
      <a class="skip" href="#questions">
        Skip to the questions
      </a>
      <Header
        code={room?.code ?? page.code}
        title={room?.title ?? "Questions"}
        me={page.identity.me.value}
        settled={() => page.settled()}
      />
      <main>
        <div class="link-banner">
          <SessionEnded identity={page.identity} />
          <LinkBanner link={link} />
        </div>
        <Banners page={page} link={link} />
        {open && (
          <button type="button" class="ask-bar" onClick={ask.open}>
            <AskIcon /> Ask a question
          </button>
        )}
        <Toolbar order={order} loaded={page.store.loaded} />
        <QuestionList page={page} order={order} open={open} />
        <AnsweredSection page={page} />
      </main>
      {open && (
        <button type="button" class="ask-round" aria-label="Ask a question" onClick={ask.open}>
          <AskIcon />
        </button>
      )}
      <AskDialog page={page} order={order} dialog={ask} />
      <Toasts />
      <div class="unseen" aria-live="polite">
        {order.news}
      </div>
    </>
  );
}
