import { fullJitter, pause } from "./backoff";
import { Problem } from "./problem";
import type { AskRequest, Me, Page, Question, QuestionState, Room, StreamPage, VoteResult } from "./wire";

interface Options {
  readonly body?: unknown;
  /** Whether a request to which no answer or a 503 came is sent again. Only for requests that are safe to repeat. */
  readonly again?: Again;
}

/** @param failures how many tries have failed so far, 1 or more */
export type Again = (failures: number, problem: Problem) => boolean;

const atMost =
  (retries: number): Again =>
  (failures) =>
    failures <= retries;

export interface QuestionQuery {
  readonly room: string;
  readonly state: QuestionState;
  readonly sort: "top" | "newest";
  readonly after?: string | null;
}

const patience = 6;
// A phone that changes its access point may keep a dead connection for minutes.
const answerWithinMs = 20_000;

/** The one way to the server. Every method rejects with a `Problem`. */
export class Api {
  readonly #fetch: typeof fetch;
  readonly #random: () => number;

  constructor(fetcher: typeof fetch = (...args) => fetch(...args), random: () => number = Math.random) {
    this.#fetch = fetcher;
    this.#random = random;
  }

  /** Null: nobody yet. The first vote or question makes a guest. */
  async me(): Promise<Me | null> {
    try {
      return await this.#send<Me>("GET", "/api/users/me");
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  }

  async makeGuest(name: string | null): Promise<Me> {
    const answer = await this.#send<{ user: Me }>("POST", "/api/users/guests", {
      body: name ? { name } : {},
      again: atMost(patience),
    });
    return answer.user;
  }

  rename(name: string): Promise<Me> {
    return this.#send("PATCH", "/api/users/me", { body: { name }, again: atMost(3) });
  }

  room(idOrCode: string): Promise<Room> {
    return this.#send("GET", `/api/rooms/${encodeURIComponent(idOrCode)}`);
  }

  /** Puts the room among mine. */
  enter(idOrCode: string): Promise<Room> {
    return this.#send("POST", `/api/rooms/${encodeURIComponent(idOrCode)}/enter`, {
      body: {},
      again: atMost(3),
    });
  }

  /** By the host link of a room: whoever has it is its host. */
  acceptLink(token: string): Promise<Room> {
    return this.#send("POST", "/api/rooms/links/accept", { body: { token }, again: atMost(3) });
  }

  questions(query: QuestionQuery): Promise<Page<Question>> {
    const search = new URLSearchParams({
      room: query.room,
      state: query.state,
      sort: query.sort,
      limit: "100",
    });
    if (query.after) search.set("after", query.after);
    return this.#send("GET", `/api/questions?${search}`);
  }

  /** Safe to repeat: the server answers a known `clientId` with the question it already has. */
  ask(request: AskRequest, again: Again = atMost(patience)): Promise<Question> {
    return this.#send("POST", "/api/questions", { body: request, again });
  }

  vote(id: string, voted: boolean): Promise<VoteResult> {
    return this.#send(voted ? "PUT" : "DELETE", `/api/questions/${id}/vote`, { again: atMost(3) });
  }

  answer(id: string): Promise<Question> {
    return this.#send("POST", `/api/questions/${id}/answer`, { again: atMost(3) });
  }

  reopen(id: string): Promise<Question> {
    return this.#send("POST", `/api/questions/${id}/reopen`, { again: atMost(3) });
  }

  stream(name: string, after: number, epoch: string): Promise<StreamPage> {
    const search = new URLSearchParams({ after: String(after), epoch, limit: "1000" });
    return this.#send("GET", `/api/notifications/streams/${name}?${search}`);
  }

  async #send<T>(method: string, path: string, options: Options = {}): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#once<T>(method, path, options.body);
      } catch (error) {
        const problem = error instanceof Problem ? error : Problem.unreachable();
        const again = () => problem.passing && options.again?.(attempt + 1, problem);
        if (!again()) throw problem;
        await pause((problem.retryAfterMs ?? 0) + fullJitter(attempt, 500, 8000, this.#random));
        // Asked once more: the person may have thought better of it meanwhile.
        if (!again()) throw problem;
      }
    }
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
