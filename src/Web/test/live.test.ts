import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Api } from "../src/api";
import type { Source } from "../src/follower";
import { Live } from "../src/live";

/** A hub connection in the hands of the test. */
class FakeHub {
  starts: number[] = [];
  stops = 0;
  up = true;
  invoked: unknown[][] = [];
  refusal: Error | null = null;
  #handlers = new Map<string, (...args: never[]) => void>();
  #onclose = () => {};

  async start() {
    this.starts.push(Date.now());
    if (!this.up) throw new Error("no connection");
  }

  async stop() {
    this.stops++;
    this.#onclose();
  }

  async invoke<T>(...call: unknown[]): Promise<T> {
    this.invoked.push(call);
    if (this.refusal) throw this.refusal;
    const [, stream, after] = call;
    return { stream, epoch: "e1", head: after ?? 0, recovered: true, events: [] } as T;
  }

  on(name: string, handler: (...args: never[]) => void) {
    this.#handlers.set(name, handler);
  }

  onclose(handler: () => void) {
    this.#onclose = handler;
  }

  says(name: string, ...args: unknown[]) {
    this.#handlers.get(name)?.(...(args as never[]));
  }

  breaks() {
    this.#onclose();
  }
}

async function connected(hub = new FakeHub(), api = new Api()) {
  const seen: number[] = [];
  const ended: string[] = [];
  const live = new Live(api, hub, () => 0.5);
  const source: Source = {
    stream: "questions/r",
    numbered: true,
    snapshot: async () => ({ epoch: "e1", seq: 4 }),
    apply: (events) => void seen.push(...events.map((event) => event.seq)),
    closed: (code, sentence) => void ended.push(`${code}: ${sentence}`),
  };
  const unfollow = live.follow(source);
  void live.start();
  await vi.advanceTimersByTimeAsync(0);
  return { hub, live, seen, ended, unfollow };
}

const event = (seq: number) => ({ seq, type: "question.asked", at: "", data: {} });

describe("live", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }));
  afterEach(() => void vi.useRealTimers());

  test("connects, subscribes and hands events to their stream", async () => {
    const { hub, live, seen } = await connected();
    expect(live.connected.value).toBe(true);
    expect(hub.invoked).toEqual([["Subscribe", "questions/r", 4, "e1"]]);
    hub.says("events", "questions/r", [event(5)]);
    hub.says("events", "questions/other", [event(6)]);
    expect(seen).toEqual([5]);
  });

  test("a lost connection comes back after a random share of five seconds, from the last number", async () => {
    const { hub, live } = await connected();
    hub.says("events", "questions/r", [event(5)]);
    hub.breaks();
    expect(live.connected.value).toBe(false);
    await vi.advanceTimersByTimeAsync(2499);
    expect(hub.starts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(live.connected.value).toBe(true);
    expect(hub.invoked.at(-1)).toEqual(["Subscribe", "questions/r", 5, "e1"]);
  });

  test("it never stops trying, with pauses that grow to a limit", async () => {
    const { hub } = await connected();
    hub.up = false;
    hub.breaks();
    await vi.advanceTimersByTimeAsync(600_000);
    const pauses = hub.starts.slice(1).map((at, i) => at - (hub.starts[i] ?? 0));
    expect(pauses.slice(0, 5)).toEqual([2500, 5000, 10_000, 20_000, 30_000]);
    expect(pauses.at(-1)).toBe(30_000);
  });

  test("every connection that is not made raises the doubt whether the session still counts", async () => {
    const { hub, live } = await connected();
    const refused = vi.fn();
    hub.breaks();
    await vi.advanceTimersByTimeAsync(2500);
    hub.up = false;
    void live.start(refused);
    await vi.advanceTimersByTimeAsync(0);
    expect(refused).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(5000);
    expect(refused).toHaveBeenCalledTimes(2);
  });

  test("after a good connection the pauses begin anew, after one that broke at once they do not", async () => {
    const { hub } = await connected();
    hub.breaks();
    await vi.advanceTimersByTimeAsync(2500);
    hub.breaks();
    await vi.advanceTimersByTimeAsync(4999);
    expect(hub.starts).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(hub.starts).toHaveLength(3);
    hub.breaks();
    await vi.advanceTimersByTimeAsync(2500);
    expect(hub.starts).toHaveLength(4);
  });

  test("when the network is back it waits no longer than a second", async () => {
    const { hub, live } = await connected();
    hub.up = false;
    hub.breaks();
    await vi.advanceTimersByTimeAsync(20_000);
    hub.up = true;
    live.wake();
    await vi.advanceTimersByTimeAsync(1000);
    expect(live.connected.value).toBe(true);
  });

  test("a replica that leaves is served by until the moment it named, then left at once", async () => {
    const { hub, live, seen } = await connected();
    hub.says("reconnect", 4000);
    await vi.advanceTimersByTimeAsync(3999);
    hub.says("events", "questions/r", [event(5)]);
    expect([live.connected.value, seen]).toEqual([true, [5]]);
    await vi.advanceTimersByTimeAsync(2);
    expect(hub.stops).toBe(1);
    expect(hub.starts).toHaveLength(2);
    expect(live.connected.value).toBe(true);
  });

  test("a replica that leaves earlier than it named is come back to when it named, once", async () => {
    const { hub } = await connected();
    hub.says("reconnect", 4000);
    await vi.advanceTimersByTimeAsync(1000);
    hub.breaks();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hub.starts).toEqual([0, 4000]);
    expect(hub.stops).toBe(0);
  });

  test("a refused subscription is told, a passing failure is tried again", async () => {
    const hub = new FakeHub();
    hub.refusal = new Error(
      "An unexpected error occurred invoking 'Subscribe' on the server. HubException: unavailable: Later.",
    );
    const { ended } = await connected(hub);
    expect(ended).toEqual([]);
    hub.refusal = new Error(
      "An unexpected error occurred invoking 'Subscribe' on the server. HubException: room-not-found: Gone.",
    );
    await vi.advanceTimersByTimeAsync(5000);
    expect(ended).toEqual(["room-not-found: Gone."]);
  });

  test("a dead session does not end a stream that everybody may read", async () => {
    const answers = [401, 200].map((status) =>
      Response.json(
        status === 401
          ? { type: "urn:modular:session-ended", title: "T", status }
          : { stream: "questions/r", epoch: "e1", head: 5, complete: true, events: [event(5)] },
        {
          status,
          headers: { "content-type": status === 401 ? "application/problem+json" : "application/json" },
        },
      ),
    );
    const { hub, ended, seen } = await connected(
      new FakeHub(),
      new Api(async () => answers.shift() as Response),
    );
    hub.says("heads", { "questions/r": 5 });
    await vi.advanceTimersByTimeAsync(5000);
    expect([ended, seen]).toEqual([[], [5]]);
  });

  test("an open connection becomes the new guest's, and one that is not open waits for the cookie", async () => {
    const { hub, live } = await connected();
    live.authenticate("token");
    expect(hub.invoked.at(-1)).toEqual(["Authenticate", "token"]);
    hub.breaks();
    live.authenticate("another");
    expect(hub.invoked.at(-1)).toEqual(["Authenticate", "token"]);
  });

  test("a connection that was begun before there was a guest becomes the guest's as soon as it is open", async () => {
    const hub = new FakeHub();
    const live = new Live(new Api(), hub, () => 0.5);
    void live.start();
    live.authenticate("token");
    expect(hub.invoked).toEqual([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(hub.invoked).toEqual([["Authenticate", "token"]]);
    hub.breaks();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([hub.starts.length, hub.invoked.length]).toEqual([2, 1]);
  });

  test("a stream that is closed is told once and followed no more", async () => {
    const { hub, ended, seen } = await connected();
    hub.says("closed", "questions/r", "forbidden", "No.");
    hub.says("closed", "questions/r", "forbidden", "No.");
    hub.says("events", "questions/r", [event(5)]);
    expect(ended).toEqual(["forbidden: No."]);
    expect(seen).toEqual([]);
  });
});
