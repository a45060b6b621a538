// The shapes of the wire, as docs/wire.md defines them. Every other file takes its types from here.

export interface Person {
  readonly id: string;
  readonly name: string;
}

export interface Me extends Person {
  readonly kind: "guest" | "member";
  readonly roles: readonly string[];
}

/** What only the person is told. */
export interface Myself extends Me {
  readonly email?: string | null;
  readonly emailVerified?: boolean | null;
  /** False for guests, and for members whose password has ended. */
  readonly hasPassword?: boolean;
}

/** What every sign-in answers, as far as a browser cares: the rest is in the cookie. */
export interface SignedIn {
  readonly user: Me;
  readonly accessToken: string;
}

/** Without a name: a guest keeps its own, everybody else gets a friendly one. */
export interface RegisterRequest {
  readonly name?: string;
  readonly email: string;
  readonly password: string;
}

export interface Session {
  readonly id: string;
  readonly createdAt: string;
  readonly seenAt: string;
  readonly expiresAt: string;
  readonly device: string;
  readonly current: boolean;
}

/** A person as administrators see them. */
export interface ManagedPerson extends Person {
  readonly kind: "guest" | "member";
  readonly roles: readonly string[];
  readonly email: string | null;
  readonly emailVerified: boolean | null;
  readonly bannedAt: string | null;
  readonly createdAt: string;
}

export type QuestionState = "live" | "pending" | "answered" | "archived";

/** What a question event carries: the question as everyone sees it. */
export interface QuestionData {
  readonly id: string;
  readonly roomId: string;
  readonly body: string;
  readonly author: Person | null;
  readonly state: QuestionState;
  readonly votes: number;
  readonly pinned: boolean;
  readonly labels: readonly string[];
  readonly reply: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

/** What REST answers: the question as the caller sees it. */
export interface Question extends QuestionData {
  readonly mine: boolean;
  readonly voted: boolean;
}

export interface VoteResult {
  readonly votes: number;
  readonly voted: boolean;
}

export interface AskRequest {
  readonly body: string;
  readonly room: string;
  readonly anonymous: boolean;
  readonly clientId: string;
}

export interface RoomSettings {
  /** Whether people may ask without their name; absent: they may. */
  readonly anonymous?: boolean;
}

export type RoomRole = "host" | "moderator" | "speaker" | "member" | "guest";

export interface Room {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly hostId: string | null;
  readonly state: "open" | "paused" | "closed";
  readonly settings: RoomSettings;
  /** What this person is here; events, which are for all, do not tell. */
  readonly role?: RoomRole;
}

/** A place in a stream: events up to and including `seq` of this epoch are known. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

export interface List<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface Page<T> extends List<T> {
  readonly stream: Position & { readonly name: string };
}

export interface StreamEvent {
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly data: unknown;
}

/** The answer of `GET /api/notifications/streams/{name}`. */
export interface StreamPage {
  readonly stream: string;
  readonly epoch: string;
  readonly head: number;
  /** False: the log no longer reaches back to `after`, a snapshot is needed. */
  readonly complete: boolean;
  readonly events: readonly StreamEvent[];
}

/** The answer of the hub's `Subscribe`. */
export interface Subscribed {
  readonly stream: string;
  readonly epoch: string;
  readonly head: number;
  readonly recovered: boolean;
  readonly events: readonly StreamEvent[];
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly string[];
  readonly fields?: Readonly<Record<string, readonly string[]>> | null;
  readonly requestId?: string;
}
