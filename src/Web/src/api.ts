import { type Again, atMost, Http } from "./http";
import { Problem } from "./problem";
import type {
  AskRequest,
  Me,
  Myself,
  Page,
  Question,
  QuestionState,
  Room,
  SignedIn,
  StreamPage,
  VoteResult,
} from "./wire";

export interface QuestionQuery {
  readonly room: string;
  readonly state: QuestionState;
  readonly sort: "top" | "newest";
  readonly after?: string | null;
}

const patience = 6;

/** What the server does for rooms and their people. Every method rejects with a `Problem`. */
export class Api {
  readonly http: Http;

  constructor(...http: ConstructorParameters<typeof Http>) {
    this.http = new Http(...http);
  }

  /** Null: nobody yet. The first vote or question makes a guest. A session that has ended is a problem. */
  async me(): Promise<Myself | null> {
    try {
      return await this.http.send<Myself>("GET", "/api/users/me");
    } catch (error) {
      if (error instanceof Problem && error.status === 401 && !error.is("session-ended")) return null;
      throw error;
    }
  }

  makeGuest(name: string | null): Promise<SignedIn> {
    return this.http.send("POST", "/api/users/guests", {
      body: name ? { name } : {},
      again: atMost(patience),
    });
  }

  rename(name: string): Promise<Me> {
    return this.http.send("PATCH", "/api/users/me", { body: { name }, again: atMost(3) });
  }

  room(idOrCode: string): Promise<Room> {
    return this.http.send("GET", `/api/rooms/${encodeURIComponent(idOrCode)}`);
  }

  /** Puts the room among mine. */
  enter(idOrCode: string, again: Again = atMost(3)): Promise<Room> {
    return this.http.send("POST", `/api/rooms/${encodeURIComponent(idOrCode)}/enter`, {
      body: {},
      again,
    });
  }

  /** By the host link of a room: whoever has it is its host. */
  acceptLink(token: string, again: Again = atMost(3)): Promise<Room> {
    return this.http.send("POST", "/api/rooms/links/accept", { body: { token }, again });
  }

  questions(query: QuestionQuery): Promise<Page<Question>> {
    const search = new URLSearchParams({
      room: query.room,
      state: query.state,
      sort: query.sort,
      limit: "100",
    });
    if (query.after) search.set("after", query.after);
    return this.http.send("GET", `/api/questions?${search}`);
  }

  /** Safe to repeat: the server answers a known `clientId` with the question it already has. */
  ask(request: AskRequest, again: Again = atMost(patience)): Promise<Question> {
    return this.http.send("POST", "/api/questions", { body: request, again });
  }

  vote(id: string, voted: boolean, again: Again = atMost(3)): Promise<VoteResult> {
    return this.http.send(voted ? "PUT" : "DELETE", `/api/questions/${id}/vote`, { again });
  }

  answer(id: string): Promise<Question> {
    return this.http.send("POST", `/api/questions/${id}/answer`, { again: atMost(3) });
  }

  reopen(id: string): Promise<Question> {
    return this.http.send("POST", `/api/questions/${id}/reopen`, { again: atMost(3) });
  }

  stream(name: string, after: number, epoch: string): Promise<StreamPage> {
    const search = new URLSearchParams({ after: String(after), epoch, limit: "1000" });
    return this.http.send("GET", `/api/notifications/streams/${name}?${search}`);
  }
}
