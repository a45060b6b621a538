import type { Pages } from "../../pages";
import { Countdown, useSecondsUntil } from "../Countdown";

interface Props<T> {
  readonly pages: Pages<T>;
  readonly run: (load: () => Promise<void>) => void;
}

/** What stands below a list: why it could not be loaded, or the way to the rest of it. */
export function PagesEnd<T>({ pages, run }: Props<T>) {
  const problem = pages.problem.value;
  const wait = useSecondsUntil(problem?.againAt ?? 0);
  const busy = pages.busy.value;
  const held = busy || wait > 0;
  const again = () => pages.reload();
  return (
    <>
      <div role="alert">{problem && <p class="banner banner-warn">{problem.message}</p>}</div>
      {problem && (
        <button type="button" class="quiet" aria-disabled={held} onClick={() => held || run(again)}>
          Try again <Countdown seconds={wait} />
        </button>
      )}
      {!problem && pages.next.value && (
        <button type="button" class="quiet" aria-disabled={busy} onClick={() => run(() => pages.more())}>
          Show more
        </button>
      )}
    </>
  );
}
