import type { ProblemBody } from "./wire";

/** Every refusal and failure of a request. Decide by `type`, show `sentences`. */
export class Problem extends Error {
  readonly type: string;
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly sentences: readonly string[];
  /** Which sentences belong to which input; empty where no input is to blame. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly requestId: string | null;
  /** Milliseconds the server asked to wait, if it did. */
  readonly retryAfterMs: number | null;
  /** The moment before which it is no use to try again. */
  readonly againAt: number;

  constructor(body: ProblemBody, retryAfterMs: number | null = null) {
    const sentences = body.errors?.length ? body.errors : [body.detail ?? body.title];
    super(sentences.join(" "));
    this.name = "Problem";
    this.type = body.type;
    this.status = body.status;
    this.sentences = sentences;
    this.fields = body.fields ?? {};
    this.requestId = body.requestId ?? null;
    this.retryAfterMs = retryAfterMs;
    this.againAt = Date.now() + (retryAfterMs ?? 0);
  }

  static unreachable(): Problem {
    return new Problem({
      type: "unreachable",
      title: "The server cannot be reached. Check your connection.",
      status: 0,
    });
  }

  /** An answer that had begun and has no end. */
  static brokenOff(): Problem {
    return new Problem({
      type: "broken-off",
      title: "The connection broke before everything had arrived. Try again.",
      status: 0,
    });
  }

  /** What the server says of a session it knows no more. */
  static sessionEnded(): Problem {
    return new Problem({
      type: "urn:modular:session-ended",
      title: "Your session has ended. Sign in again or go on as a new guest.",
      status: 401,
    });
  }

  static async from(response: Response): Promise<Problem> {
    const fallback = { type: "about:blank", title: `The server answered ${response.status}.` };
    const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json");
    const body = isProblem ? await response.json().catch(() => fallback) : fallback;
    return new Problem({ ...fallback, ...body, status: response.status }, retryAfter(response.headers));
  }

  is(type: string): boolean {
    return this.type === `urn:modular:${type}`;
  }

  /** The server did not carry it out. */
  get refused(): boolean {
    return this.status >= 400 && this.status < 500;
  }

  /** The same request may well succeed later: nothing was refused, the way or the server was away. */
  get passing(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

function retryAfter(headers: Headers): number | null {
  const text = headers.get("retry-after");
  if (!text) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
