import { HttpTransportType, type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { signal } from "@preact/signals";
import type { Api } from "./api";
import { fullJitter, pause } from "./backoff";
import { Follower, type Source, StreamClosed, type Ways } from "./follower";
import { Problem } from "./problem";
import type { StreamEvent, Subscribed } from "./wire";

const firstRetryMs = 5000;
const retryCapMs = 60_000;
// A connection that lasted this long was good: the next loss starts the waiting anew.
const goodAfterMs = 10_000;

type Hub = Pick<HubConnection, "start" | "stop" | "invoke" | "on" | "onclose">;

function socket(): Hub {
  const hub = new HubConnectionBuilder()
    .withUrl("/hub", { transport: HttpTransportType.WebSockets, skipNegotiation: true })
    .configureLogging(LogLevel.None)
    .build();
  hub.serverTimeoutInMilliseconds = 30_000;
  hub.keepAliveIntervalInMilliseconds = 10_000;
  return hub;
}

/** The live connection: one socket, any number of streams, reconnecting without end. */
export class Live {
  /** False while there is no connection. */
  readonly connected = signal(false);
  readonly #hub: Hub;
  readonly #random: () => number;
  readonly #followers = new Map<string, Follower>();
  readonly #ways: Ways;
  #attempt = 0;
  #since = 0;
  /** When a replica that leaves told us to come back. */
  #comeBackAt: number | null = null;
  #wake = new AbortController();
  #refused: () => void = () => {};
  #proof: string | null = null;

  constructor(api: Api, hub: Hub = socket(), random: () => number = Math.random) {
    this.#hub = hub;
    this.#random = random;
    this.#ways = {
      subscribe: (stream, after, epoch) => this.#subscribe(stream, after, epoch),
      catchUp: (stream, after, epoch) => api.stream(stream, after, epoch).catch(closedIfRefused),
    };
    this.#listen();
  }

  /** Follows a stream until the answered function is called. */
  follow(source: Source): () => void {
    const follower = new Follower(source, this.#ways, this.#random);
    this.#followers.set(source.stream, follower);
    follower.start();
    if (this.connected.value) follower.connected();
    return () => {
      follower.stop();
      this.#followers.delete(source.stream);
      if (this.connected.value) this.#hub.invoke("Unsubscribe", source.stream).catch(() => {});
    };
  }

  /**
   * Connects, and stays connected.
   * @param refused called whenever a connection is not made: a browser cannot see why, and it may be that the session
   * has ended
   */
  async start(refused: () => void = () => {}): Promise<void> {
    this.#refused = refused;
    await this.#connect();
  }

  /**
   * Makes the connection somebody's, so that it ends with their session. One that is opened later has the cookie; one that
   * is being opened may have been begun without it.
   */
  authenticate(accessToken: string): void {
    if (this.connected.value) this.#hub.invoke("Authenticate", accessToken).catch(() => {});
    else this.#proof = accessToken;
  }

  /** Something says that the network is back: no need to wait any longer. */
  wake(): void {
    this.#wake.abort();
  }

  #listen(): void {
    this.#hub.on("events", (stream: string, events: StreamEvent[]) =>
      this.#followers.get(stream)?.receive(events),
    );
    this.#hub.on("heads", (heads: Record<string, number>) => {
      for (const [stream, seq] of Object.entries(heads)) this.#followers.get(stream)?.head(seq);
    });
    this.#hub.on("resync", (stream: string) => this.#followers.get(stream)?.resync());
    this.#hub.on("closed", (stream: string, code: string, detail: string) =>
      this.#followers.get(stream)?.closed(code, detail),
    );
    this.#hub.on("reconnect", (afterMs: number) => void this.#moveAfter(afterMs));
    this.#hub.onclose(() => this.#lost());
  }

  async #connect(): Promise<void> {
    for (;;) {
      try {
        await this.#hub.start();
        break;
      } catch {
        this.#refused();
        await this.#wait();
      }
    }
    this.#since = Date.now();
    this.connected.value = true;
    if (this.#proof) this.authenticate(this.#proof);
    this.#proof = null;
    for (const follower of this.#followers.values()) follower.connected();
  }

  #lost(): void {
    this.connected.value = false;
    if (Date.now() - this.#since > goodAfterMs) this.#attempt = 0;
    for (const follower of this.#followers.values()) follower.disconnected();
    void this.#wait().then(() => this.#connect());
  }

  async #wait(): Promise<void> {
    if (this.#comeBackAt !== null) {
      const told = this.#comeBackAt - Date.now();
      this.#comeBackAt = null;
      return pause(Math.max(0, told));
    }
    this.#wake = new AbortController();
    await pause(fullJitter(this.#attempt++, firstRetryMs, retryCapMs, this.#random), this.#wake.signal);
    // Everyone in the room gets the network back in the same moment.
    if (this.#wake.signal.aborted) await pause(this.#random() * 1000);
  }

  /** This replica leaves. It serves on until then, so the old connection is kept until the moment of the move. */
  async #moveAfter(afterMs: number): Promise<void> {
    const told = this.#since;
    this.#comeBackAt = Date.now() + afterMs;
    await pause(afterMs);
    if (this.connected.value && this.#since === told) await this.#hub.stop();
  }

  async #subscribe(stream: string, after: number | null, epoch: string | null): Promise<Subscribed> {
    try {
      return await this.#hub.invoke<Subscribed>("Subscribe", stream, after, epoch);
    } catch (error) {
      throw refusal(error) ?? error;
    }
  }
}

// Everything else is a decision about the stream, and stays one when it is asked for again.
const passingCodes = new Set(["unavailable", "rate-limited"]);

// SignalR wraps a HubException's "code: sentence" in words of its own.
function refusal(error: unknown): StreamClosed | null {
  const text = error instanceof Error ? /HubException: ([a-z-]+): (.*)$/s.exec(error.message) : null;
  return text?.[1] && !passingCodes.has(text[1]) ? new StreamClosed(text[1], text[2] ?? "") : null;
}

function closedIfRefused(error: unknown): never {
  // With the answer that says so the dead cookie is gone, and what everybody may read can be read again.
  const dead = error instanceof Problem && error.is("session-ended");
  if (error instanceof Problem && !dead && [401, 403, 404].includes(error.status))
    throw new StreamClosed(error.type.replace("urn:modular:", ""), error.message);
  throw error;
}
