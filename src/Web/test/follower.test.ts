import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Follower, type Source, StreamClosed, type Ways } from "../src/follower";
import type { StreamEvent } from "../src/wire";

const event = (seq: number): StreamEvent => ({
  seq,
  type: "question.voted",
  at: "",
  data: { id: `q${seq}` },
});
const events = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => event(from + at));

/** A server with one stream, and a follower of it that writes down what it saw. */
class Scene {
  epoch = "e1";
  /** The log: numbers 1 to head, of which those up to `trimmed` are gone. */
  head = 0;
  trimmed = 0;
  /** What the client saw: "s<seq>" for a state, a number for an event. */
  seen: (string | number)[] = [];
  calls: string[] = [];
  failures: Record<string, Error> = {};
  ended: string | null = null;
  /** Subscribe answers no earlier than this. */
  slow: Promise<void> | null = null;
  readonly follower: Follower;

  constructor(numbered = true) {
    const source: Source = {
      stream: "questions/r",
      numbered,
      snapshot: async () => {
        this.#call("snapshot");
        this.seen.push(`s${this.head}`);
        return numbered ? { epoch: this.epoch, seq: this.head } : null;
      },
      apply: (arrived) => void this.seen.push(...arrived.map(({ seq }) => seq)),
      closed: (code) => {
        this.ended = code;
      },
    };
    const ways: Ways = {
      subscribe: async (stream, after, epoch) => {
        this.#call(`subscribe ${after}~${epoch}`);
        await this.slow;
        const recovered =
          after !== null && epoch === this.epoch && after >= this.trimmed && after <= this.head;
        const missed = recovered ? events(after + 1, this.head) : [];
        return { stream, epoch: this.epoch, head: this.head, recovered, events: missed };
      },
      catchUp: async (stream, after) => {
        this.#call(`catchUp ${after}`);
        const complete = after >= this.trimmed;
        const missed = events(Math.max(after, this.trimmed) + 1, this.head);
        return { stream, epoch: this.epoch, head: this.head, complete, events: missed };
      },
    };
    this.follower = new Follower(source, ways, () => 0.5);
  }

  #call(name: string) {
    this.calls.push(name);
    const kind = name.split(" ")[0] ?? "";
    const failure = this.failures[kind];
    delete this.failures[kind];
    if (failure) throw failure;
  }

  async live(head = 0): Promise<this> {
    this.head = head;
    this.follower.start();
    this.follower.connected();
    await settled();
    return this;
  }

  /** The server commits and pushes; a lost number is committed only. */
  push(seq: number, how: "arrives" | "lost" = "arrives") {
    this.head = Math.max(this.head, seq);
    if (how === "arrives") this.follower.receive([event(seq)]);
  }
}

// Long enough for a delayed reload, shorter than a number needs to be called lost twice.
const settled = () => vi.advanceTimersByTimeAsync(0);

describe("follower", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("loads the state first, then subscribes from its number", async () => {
    const scene = await new Scene().live(7);
    expect(scene.calls).toEqual(["snapshot", "subscribe 7~e1"]);
    scene.push(8);
    expect(scene.seen).toEqual(["s7", 8]);
  });

  test("what was committed between state and subscription is not missed", async () => {
    const scene = new Scene();
    scene.head = 3;
    scene.follower.start();
    await settled();
    scene.head = 5;
    scene.follower.connected();
    await settled();
    expect(scene.seen).toEqual(["s3", 4, 5]);
  });

  test("drops what it has already", async () => {
    const scene = await new Scene().live(2);
    scene.follower.receive([event(2), event(3), event(3)]);
    scene.follower.receive([event(1), event(3), event(4)]);
    expect(scene.seen).toEqual(["s2", 3, 4]);
  });

  test("heals a hole from the log before it shows what came behind it", async () => {
    const scene = await new Scene().live(2);
    scene.push(3, "lost");
    scene.push(4);
    expect(scene.seen).toEqual(["s2"]);
    await settled();
    expect(scene.calls).toContain("catchUp 2");
    expect(scene.seen).toEqual(["s2", 3, 4]);
  });

  test("events that come while a hole is healed stay in order", async () => {
    const scene = await new Scene().live(2);
    scene.push(3, "lost");
    scene.push(5);
    scene.head = 5;
    scene.push(6);
    await settled();
    scene.push(7);
    expect(scene.seen).toEqual(["s2", 3, 4, 5, 6, 7]);
  });

  test("a number only the heads speak of is fetched after a second, not before", async () => {
    const scene = await new Scene().live(2);
    scene.push(3, "lost");
    scene.follower.head(3);
    await vi.advanceTimersByTimeAsync(900);
    expect(scene.seen).toEqual(["s2"]);
    await vi.advanceTimersByTimeAsync(200);
    expect(scene.seen).toEqual(["s2", 3]);
  });

  test("heads that are behind or just being delivered fetch nothing", async () => {
    const scene = await new Scene().live(2);
    scene.follower.head(1);
    scene.follower.head(3);
    scene.push(3);
    await vi.advanceTimersByTimeAsync(2000);
    expect(scene.calls).toEqual(["snapshot", "subscribe 2~e1"]);
  });

  test("after a reconnect it goes on where it was", async () => {
    const scene = await new Scene().live(2);
    scene.follower.disconnected();
    scene.push(3, "lost");
    scene.follower.connected();
    await settled();
    expect(scene.calls.at(-1)).toBe("subscribe 2~e1");
    expect(scene.seen).toEqual(["s2", 3]);
  });

  test("a trimmed log means a new state", async () => {
    const scene = await new Scene().live(2);
    scene.follower.disconnected();
    scene.head = 900;
    scene.trimmed = 500;
    scene.follower.connected();
    await vi.advanceTimersByTimeAsync(2000);
    expect(scene.calls.slice(2)).toEqual(["subscribe 2~e1", "snapshot"]);
    expect(scene.seen).toEqual(["s2", "s900"]);
    scene.push(901);
    expect(scene.seen.at(-1)).toBe(901);
  });

  test("live events that come before a new state wait for it", async () => {
    const scene = await new Scene().live(2);
    scene.follower.disconnected();
    scene.head = 900;
    scene.trimmed = 500;
    scene.follower.connected();
    await settled();
    scene.follower.receive([event(901)]);
    expect(scene.seen).toEqual(["s2"]);
    await vi.advanceTimersByTimeAsync(2000);
    // The state was read before 901 was committed, so it is applied on top.
    expect(scene.seen).toEqual(["s2", "s900", 901]);
  });

  test("another epoch means a new state, even when its numbers are lower", async () => {
    const scene = await new Scene().live(50);
    scene.follower.disconnected();
    scene.epoch = "e2";
    scene.head = 40;
    scene.follower.connected();
    await vi.advanceTimersByTimeAsync(2000);
    scene.push(41);
    expect(scene.seen).toEqual(["s50", "s40", 41]);
    expect(scene.follower.position).toEqual({ epoch: "e2", seq: 41 });
  });

  test("an event of a new epoch that fits the old numbers by chance waits for the new state", async () => {
    const scene = await new Scene().live(50);
    scene.follower.disconnected();
    scene.epoch = "e2";
    scene.follower.connected();
    // The connection hands this over before the answer of Subscribe is awaited.
    scene.follower.receive([event(51)]);
    expect(scene.seen).toEqual(["s50"]);
    await settled();
    scene.follower.receive([event(52)]);
    expect(scene.seen).toEqual(["s50"]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(scene.seen).toEqual(["s50", "s50", 51, 52]);
  });

  test("what was held of an old epoch is not applied to the new state", async () => {
    const scene = await new Scene().live(2);
    scene.failures = { catchUp: new Error("away") };
    scene.push(5);
    await settled();
    scene.epoch = "e2";
    scene.head = 4;
    scene.follower.resync();
    await vi.advanceTimersByTimeAsync(3000);
    expect(scene.seen).toEqual(["s2", "s4"]);
  });

  test("an epoch that changes while catching up means a new state and a new subscription", async () => {
    const scene = await new Scene().live(2);
    scene.epoch = "e2";
    scene.push(4);
    await vi.advanceTimersByTimeAsync(2000);
    expect(scene.calls.slice(2)).toEqual(["catchUp 2", "snapshot", "subscribe 4~e2"]);
  });

  test("resync: a new state, then a new subscription", async () => {
    const scene = await new Scene().live(2);
    scene.head = 9;
    scene.follower.resync();
    await vi.advanceTimersByTimeAsync(2000);
    expect(scene.calls.slice(2)).toEqual(["snapshot", "subscribe 9~e1"]);
    expect(scene.seen).toEqual(["s2", "s9"]);
  });

  test("a second resync during a load loads once more", async () => {
    const scene = await new Scene().live(2);
    scene.follower.resync();
    await vi.advanceTimersByTimeAsync(500);
    scene.follower.resync();
    await vi.advanceTimersByTimeAsync(4000);
    expect(scene.calls.filter((call) => call === "snapshot")).toHaveLength(3);
  });

  test("a failed load, subscription or catch-up is tried again", async () => {
    const scene = new Scene();
    scene.failures = {
      snapshot: new Error("away"),
      subscribe: new Error("busy"),
      catchUp: new Error("away"),
    };
    await scene.live(2);
    await vi.advanceTimersByTimeAsync(5000);
    scene.push(3, "lost");
    scene.push(4);
    await vi.advanceTimersByTimeAsync(5000);
    expect(scene.seen).toEqual(["s2", 3, 4]);
  });

  test("a new connection does not wait for the pause of an old failure", async () => {
    const scene = new Scene();
    scene.failures = { subscribe: new Error("lost") };
    await scene.live(2);
    scene.follower.disconnected();
    scene.follower.connected();
    await settled();
    expect(scene.calls).toEqual(["snapshot", "subscribe 2~e1", "subscribe 2~e1"]);
  });

  test("an answer of a lost connection is not taken for one of the new", async () => {
    const scene = new Scene();
    let answer = () => {};
    scene.slow = new Promise((resolve) => {
      answer = resolve;
    });
    await scene.live(2);
    scene.follower.disconnected();
    scene.follower.connected();
    answer();
    await settled();
    expect(scene.calls).toEqual(["snapshot", "subscribe 2~e1", "subscribe 2~e1"]);
  });

  test("a stream without numbered states subscribes first", async () => {
    const scene = await new Scene(false).live(5);
    await vi.advanceTimersByTimeAsync(2000);
    expect(scene.calls).toEqual(["subscribe null~null", "snapshot"]);
    scene.push(6);
    expect(scene.seen).toEqual(["s5", 6]);
  });

  test("when the right to read is gone it says so and stops", async () => {
    const scene = await new Scene().live(2);
    scene.follower.closed("forbidden", "No.");
    scene.follower.disconnected();
    scene.follower.connected();
    await settled();
    expect(scene.ended).toBe("forbidden");
    expect(scene.calls).toHaveLength(2);
  });

  test("a refused subscription is final", async () => {
    const scene = new Scene();
    scene.failures = { subscribe: new StreamClosed("not-found", "No such room.") };
    await scene.live(2);
    expect(scene.ended).toBe("not-found");
  });
});
