import type { Download, Progress } from "./download";
import { type Again, atMost, type Http } from "./http";
import { Problem } from "./problem";
import type { List, ManagedPerson, Me, RegisterRequest, Session, SignedIn } from "./wire";

const users = "/api/users";

/** What the server does for a person's own account, and for administrators with everybody's. */
export class AccountApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  // ---- coming in

  // Not sent again by itself: each try counts, and costs the server a password's hash.
  async register(request: RegisterRequest): Promise<Me> {
    return (await this.#http.send<SignedIn>("POST", `${users}/register`, { body: request })).user;
  }

  async login(email: string, password: string): Promise<Me> {
    return (await this.#http.send<SignedIn>("POST", `${users}/login`, { body: { email, password } })).user;
  }

  async setUp(request: RegisterRequest & { readonly token: string }): Promise<Me> {
    return (await this.#http.send<SignedIn>("POST", `${users}/setup`, { body: request })).user;
  }

  async acceptMagicLink(token: string): Promise<Me> {
    return (await this.#http.send<SignedIn>("POST", `${users}/magic-link/accept`, { body: { token } })).user;
  }

  async reset(token: string, password: string): Promise<Me> {
    return (await this.#http.send<SignedIn>("POST", `${users}/reset`, { body: { token, password } })).user;
  }

  verify(token: string): Promise<void> {
    return this.#http.send("POST", `${users}/verify`, { body: { token } });
  }

  // ---- mails; the answer is the same whether there is such a person or not

  async mailMagicLink(email: string): Promise<string> {
    return (await this.#http.send<{ detail: string }>("POST", `${users}/magic-link`, { body: { email } }))
      .detail;
  }

  async mailReset(email: string): Promise<string> {
    return (await this.#http.send<{ detail: string }>("POST", `${users}/forgot`, { body: { email } })).detail;
  }

  mailVerification(): Promise<void> {
    return this.#http.send("POST", `${users}/verify/resend`);
  }

  // ---- being here

  changePassword(password: string, current?: string): Promise<void> {
    const body = current ? { current, password } : { password };
    return this.#http.send("PUT", `${users}/me/password`, { body });
  }

  sessions(after: string | null): Promise<List<Session>> {
    return this.#http.send(
      "GET",
      `${users}/me/sessions${after ? `?after=${encodeURIComponent(after)}` : ""}`,
    );
  }

  endSession(id: string): Promise<void> {
    return this.#end(`${users}/me/sessions/${id}`);
  }

  endOtherSessions(): Promise<void> {
    return this.#http.send("DELETE", `${users}/me/sessions`, { again: atMost(3) });
  }

  export(progress: Progress): Promise<Download | null> {
    return this.#http.download(`${users}/me/export`, progress);
  }

  logout(): Promise<void> {
    return this.#http.send("POST", `${users}/logout`);
  }

  deleteMe(): Promise<void> {
    return this.#http.send("DELETE", `${users}/me`);
  }

  // ---- administrators

  people(search: string, after: string | null): Promise<List<ManagedPerson>> {
    const query = new URLSearchParams({ limit: "50" });
    if (search) query.set("search", search);
    if (after) query.set("after", after);
    return this.#http.send("GET", `${users}?${query}`);
  }

  ban(id: string, banned: boolean): Promise<ManagedPerson> {
    return this.#http.send("POST", `${users}/${id}/${banned ? "ban" : "unban"}`, { again: atMost(3) });
  }

  deletePerson(id: string): Promise<void> {
    return this.#end(`${users}/${id}`);
  }

  /** Sent again it may find nothing: then an earlier try has ended it, and only its answer was lost. */
  async #end(path: string): Promise<void> {
    let sentAgain = false;
    const again: Again = (failures) => {
      sentAgain = failures <= 3;
      return sentAgain;
    };
    try {
      await this.#http.send("DELETE", path, { again });
    } catch (error) {
      if (!(sentAgain && error instanceof Problem && error.status === 404)) throw error;
    }
  }
}
