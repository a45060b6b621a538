import type { RoomPage } from "../roomPage";
import type { Outgoing } from "../store";
import { Countdown, useSecondsUntil } from "./Countdown";

const words = { sending: "Sending…", waiting: "Waiting for the network, sending again…" };

/** An own question on its way; after a failure it stays and can be sent again. */
export function OutgoingCard({ page, question }: { page: RoomPage; question: Outgoing }) {
  const failed = question.state === "failed";
  const wait = useSecondsUntil(question.againAt);
  const state = question.state === "sending" && !page.live.connected.value ? "waiting" : question.state;
  return (
    <article class={failed ? "card card-mine card-failed" : "card card-mine card-sending"}>
      <div class="card-text">
        <p class="card-meta">
          <span class="chip">Yours</span>
          {state !== "failed" && <span>{words[state]}</span>}
        </p>
        <p class="card-body" dir="auto">
          {question.body}
        </p>
        {failed && (
          <p class="card-error" role="alert">
            {question.sentences.join(" ")}
          </p>
        )}
        {state !== "sending" && (
          <p class="card-acts">
            {failed && (
              <button type="button" class="quiet" disabled={wait > 0} onClick={() => page.askAgain(question)}>
                Send again
                <Countdown seconds={wait} />
              </button>
            )}
            <button type="button" class="quiet" onClick={() => page.store.discard(question.clientId)}>
              Discard
            </button>
          </p>
        )}
      </div>
    </article>
  );
}
