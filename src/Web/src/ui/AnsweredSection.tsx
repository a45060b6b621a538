import type { RoomPage } from "../roomPage";
import { sortedAnswered } from "../store";
import { QuestionCard } from "./QuestionCard";

export function AnsweredSection({ page }: { page: RoomPage }) {
  page.store.revision.value;
  const answered = sortedAnswered(page.store.all("answered"));
  if (answered.length === 0) return null;
  return (
    <details class="answered">
      <summary>
        Answered <span class="count">{answered.length}</span>
      </summary>
      <ol class="cards">
        {answered.map(({ question }) => (
          <li key={question.id}>
            <QuestionCard page={page} id={question.id} open={false} />
          </li>
        ))}
      </ol>
    </details>
  );
}
