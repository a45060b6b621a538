import { fullJitter, pause } from "./backoff";
import { type Download, download, type Progress } from "./download";
import { Problem } from "./problem";

interface Options {
  readonly body?: unknown;
  /** Whether a request to which no answer or a 503 came is sent again. Only for requests that are safe to repeat. */
  readonly again?: Again;
}

/** @param failures how many tries have failed so far, 1 or more */
export type Again = (failures: number, problem: Problem) => boolean;

export const atMost =
  (retries: number): Again =>
  (failures) =>
    failures <= retries;

// A phone that changes its access point may keep a dead connection for minutes.
const answerWithinMs = 20_000;

/** Requests and their retries. Every method rejects with a `Problem`. */
export class Http {
  readonly #fetch: typeof fetch;
  readonly #random: () => number;
  #away = false;
  /** Called when the server answers that did not before: whoever waits for it need wait no longer. */
  onBack: () => void = () => {};

  constructor(fetcher: typeof fetch = (...args) => fetch(...args), random: () => number = Math.random) {
    this.#fetch = fetcher;
    this.#random = random;
  }

  async send<T>(method: string, path: string, options: Options = {}): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await this.#once<T>(method, path, options.body);
        this.#notice(false);
        return answer;
      } catch (error) {
        const problem = error instanceof Problem ? error : Problem.unreachable();
        this.#notice(problem.passing);
        const again = () => problem.passing && options.again?.(attempt + 1, problem);
        if (!again()) throw problem;
        await pause((problem.retryAfterMs ?? 0) + fullJitter(attempt, 500, 8000, this.#random));
        // Asked once more: the person may have thought better of it meanwhile.
        if (!again()) throw problem;
      }
    }
  }

  /** A file, which may take longer than any answer. */
  download(path: string, progress: Progress): Promise<Download | null> {
    return download(this.#fetch, path, progress);
  }

  #notice(away: boolean): void {
    const back = this.#away && !away;
    this.#away = away;
    if (back) this.onBack();
  }

  async #once<T>(method: string, path: string, body: unknown): Promise<T> {
    const init: RequestInit = {
      method,
      headers: { accept: "application/json" },
      signal: AbortSignal.timeout(answerWithinMs),
    };
    if (body !== undefined) {
      init.headers = { ...init.headers, "content-type": "application/json" };
      init.body = JSON.stringify(body);
    }
    const response = await this.#fetch(path, init);
    if (!response.ok) throw await Problem.from(response);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
}
