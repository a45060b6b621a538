import type { RoomPage } from "../roomPage";
import type { Entry } from "../store";
import { ago, plural } from "../text";
import { shown } from "../votes";
import { clock } from "./clock";
import { CheckIcon, LockIcon, UndoIcon, VoteIcon } from "./icons";

interface Props {
  readonly page: RoomPage;
  readonly id: string;
  readonly open: boolean;
}

export function QuestionCard({ page, id, open }: Props) {
  const entry = page.store.entry(id)?.value;
  if (!entry) return null;
  const { question, mine } = entry;
  const answered = question.state === "answered";
  return (
    <article class={mine ? "card card-mine" : "card"} aria-labelledby={`q-${id}`}>
      <div class="card-text">
        <p class="card-meta">
          {question.pinned && <span class="chip chip-strong">Now answering</span>}
          {mine && <span class="chip">Yours</span>}
          <span class="card-author">{question.author?.name ?? "Anonymous"}</span>
          <time dateTime={question.createdAt}>
            {ago(question.createdAt, Math.max(clock.value, Date.now()))}
          </time>
        </p>
        <p class="card-body" id={`q-${id}`} dir="auto">
          {question.body}
        </p>
        {question.state === "pending" && (
          <p class="card-note">
            <LockIcon /> Waiting for approval
          </p>
        )}
        {question.reply && (
          <p class="card-reply" dir="auto">
            {question.reply}
          </p>
        )}
        {page.mayModerate && <HostActs page={page} id={id} answered={answered} />}
      </div>
      {answered ? <VoteCount entry={entry} /> : <VoteButton page={page} entry={entry} open={open} />}
    </article>
  );
}

function VoteButton({ page, entry, open }: { page: RoomPage; entry: Entry; open: boolean }) {
  const { votes, voted } = shown(entry.votes);
  return (
    <button
      type="button"
      class="vote"
      aria-pressed={voted}
      aria-label={`Vote, ${plural(votes, "vote")}`}
      aria-describedby={`q-${entry.question.id}`}
      disabled={!open || entry.question.state !== "live"}
      onClick={() => page.vote(entry.question.id, !voted)}
    >
      <VoteIcon filled={voted} />
      <b>{votes}</b>
    </button>
  );
}

function VoteCount({ entry }: { entry: Entry }) {
  const { votes, voted } = shown(entry.votes);
  return (
    <p class={voted ? "vote vote-still vote-mine" : "vote vote-still"}>
      <VoteIcon filled={voted} />
      <b>{votes}</b>
      <span class="unseen">{votes === 1 ? "vote" : "votes"}</span>
    </p>
  );
}

function HostActs({ page, id, answered }: { page: RoomPage; id: string; answered: boolean }) {
  return (
    <p class="card-acts">
      {answered ? (
        <button type="button" class="quiet" onClick={() => page.reopen(id)}>
          <UndoIcon /> Reopen
        </button>
      ) : (
        <button type="button" class="quiet" onClick={() => page.markAnswered(id)}>
          <CheckIcon /> Mark as answered
        </button>
      )}
    </p>
  );
}
