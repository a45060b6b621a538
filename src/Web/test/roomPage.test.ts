import { signal } from "@preact/signals";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Api } from "../src/api";
import type { Source } from "../src/follower";
import type { Live } from "../src/live";
import { Problem } from "../src/problem";
import { RoomPage } from "../src/roomPage";
import { toasts } from "../src/toasts";
import { shown } from "../src/votes";
import { page as pageOf, question } from "./questions";
import { shelf } from "./shelf";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A room on a server that answers when it is told to. */
async function opened(answers: Record<string, () => unknown> = {}, kept: Storage | null = null) {
  const requests: string[] = [];
  const waiting: (() => void)[] = [];
  let holding = false;
  const table: Record<string, () => unknown> = {
    "GET /api/users/me": () => new Response("{}", { status: 401 }),
    "GET /api/rooms/LOBBY": () => ({
      id: "r",
      code: "LOBBY",
      title: "Lobby",
      hostId: null,
      state: "open",
      settings: { anonymous: true },
    }),
    "GET /api/questions": () => pageOf(1, question("a", { votes: 5 })),
    "POST /api/users/guests": () => ({ user: { id: "bob", name: "Bob", kind: "guest", roles: [] } }),
    "PUT /api/questions/a/vote": () => ({ votes: 6, voted: true }),
    "DELETE /api/questions/a/vote": () => ({ votes: 5, voted: false }),
    ...answers,
  };
  const answer: typeof fetch = async (input, init) => {
    const name = `${init?.method} ${String(input).split("?")[0]}`;
    requests.push(name);
    if (holding) await new Promise<void>((resolve) => waiting.push(resolve));
    const found = table[name]?.() ?? new Response("", { status: 404 });
    return found instanceof Response ? found : Response.json(found);
  };
  // Half the ceiling: a pause that chance makes shorter than a test's own step is no pause.
  const half = () => 0.5;
  const api = new Api(answer, half);
  const sources: Source[] = [];
  const live = { connected: signal(true), follow: (source: Source) => sources.push(source) };
  const page = new RoomPage("LOBBY", api, live as unknown as Live, kept, undefined, half);
  await page.open();
  await sources[0]?.snapshot();
  requests.length = 0;
  return {
    page,
    requests,
    sources,
    hold: () => {
      holding = true;
    },
    /** Lets the oldest held request be answered, and everything that follows from it happen. */
    release: async () => {
      waiting.shift()?.();
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

const votesOf = (page: RoomPage) => {
  const entry = page.store.entry("a")?.value;
  return entry ? shown(entry.votes) : null;
};

describe("room page", () => {
  test("follows the room's questions and the room itself", async () => {
    const { page, sources } = await opened();
    expect(sources.map((source) => source.stream)).toEqual(["questions/r", "rooms/r"]);
    sources[1]?.apply([{ seq: 1, type: "room.closed", at: "", data: { state: "closed" } }]);
    expect(page.room.value).toMatchObject({ title: "Lobby", state: "closed" });
  });

  test("two first votes at once make one guest", async () => {
    const { page, requests } = await opened({
      "PUT /api/questions/b/vote": () => ({ votes: 1, voted: true }),
    });
    page.store.confirm(question("b"));
    await Promise.all([page.vote("a", true), page.vote("b", true)]);
    expect(requests.filter((name) => name === "POST /api/users/guests")).toHaveLength(1);
  });

  test("pressed twice, there is one request at a time and the last wish wins", async () => {
    const { page, requests, hold, release } = await opened();
    await page.identity.ensure();
    requests.length = 0;
    hold();
    void page.vote("a", true);
    await release();
    void page.vote("a", false);
    void page.vote("a", true);
    void page.vote("a", false);
    expect(requests).toEqual(["PUT /api/questions/a/vote"]);
    expect(votesOf(page)).toEqual({ votes: 5, voted: false });
    await release();
    expect(requests).toEqual(["PUT /api/questions/a/vote", "DELETE /api/questions/a/vote"]);
    await release();
    expect(votesOf(page)).toEqual({ votes: 5, voted: false });
    expect(requests).toHaveLength(2);
  });

  test("the page is left when the votes have arrived", async () => {
    const { page, hold, release } = await opened();
    await page.identity.ensure();
    expect(page.settled()).toBeNull();
    hold();
    void page.vote("a", true);
    let left = false;
    void page.settled()?.then(() => {
      left = true;
    });
    await new Promise((resolve) => setTimeout(resolve));
    expect(left).toBe(false);
    await release();
    expect([left, page.settled()]).toEqual([true, null]);
  });

  test("a refused vote goes back and says why", async () => {
    const refusal = {
      type: "urn:modular:room-closed",
      title: "T",
      detail: "The room is closed.",
      status: 409,
    };
    const { page } = await opened({
      "PUT /api/questions/a/vote": () =>
        new Response(JSON.stringify(refusal), {
          status: 409,
          headers: { "content-type": "application/problem+json" },
        }),
    });
    await page.vote("a", true);
    expect(votesOf(page)).toEqual({ votes: 5, voted: false });
    expect(toasts.value.at(-1)).toMatchObject({ kind: "error", text: "The room is closed." });
  });

  test("a refused question stays, with the reason, and goes out again under the same id", async () => {
    const ids: string[] = [];
    const { page } = await opened({ "POST /api/questions": () => new Response("", { status: 400 }) });
    expect(await page.ask("  Why?  ", false, null)).toBeNull();
    const [failed] = page.store.outgoing.value;
    expect(failed).toMatchObject({ body: "Why?", state: "failed", sentences: ["The server answered 400."] });
    const spy = vi.spyOn(page.store, "sending").mockImplementation(({ clientId }) => {
      ids.push(clientId);
      return null;
    });
    await page.ask("Why?", false, null, failed?.clientId);
    expect(ids).toEqual([failed?.clientId]);
    spy.mockRestore();
  });

  test("over the limit a question stays with the moment it may be sent again, and a vote says it too", async () => {
    const many = () =>
      Response.json(
        { type: "urn:modular:too-many-requests", title: "T", detail: "Too fast.", status: 429 },
        { status: 429, headers: { "content-type": "application/problem+json", "retry-after": "20" } },
      );
    const { page, requests } = await opened({
      "POST /api/questions": many,
      "PUT /api/questions/a/vote": many,
    });
    vi.useFakeTimers({ toFake: ["Date"] });
    const inTwentySeconds = Date.now() + 20_000;
    await page.ask("Why?", false, null);
    expect(requests.filter((name) => name === "POST /api/questions")).toHaveLength(1);
    expect(page.store.outgoing.value).toMatchObject([
      { body: "Why?", state: "failed", sentences: ["Too fast."], againAt: inTwentySeconds },
    ]);
    await page.vote("a", true);
    expect(votesOf(page)).toEqual({ votes: 5, voted: false });
    expect(toasts.value.at(-1)).toMatchObject({ text: "Too fast.", againAt: inTwentySeconds });
    vi.useRealTimers();
  });

  test("after the session has ended nothing is done as a new guest, and the question is kept for whoever goes on", async () => {
    const kept = shelf();
    const answers = {
      "POST /api/users/guests": () => ({ user: { id: "new", name: "New", kind: "guest", roles: [] } }),
    };
    const { page, requests } = await opened(answers, kept);
    await page.identity.ensure();
    page.identity.refused(Problem.sessionEnded());
    requests.length = 0;
    await page.ask("Why?", false, null, "c1");
    await page.vote("a", true);
    expect(requests).toEqual([]);
    expect(page.store.outgoing.value).toMatchObject([{ body: "Why?", state: "failed" }]);
    expect(kept.getItem("unsent LOBBY")).toContain("c1");
  });

  test("while the server is away a question is sent again until it is back", async () => {
    let away = 9;
    const tries: unknown[] = [];
    const { page, requests } = await opened({
      "POST /api/questions": () => {
        if (away-- > 0) return new Response("", { status: 503 });
        return question("m", { mine: true, voted: true });
      },
    });
    vi.useFakeTimers();
    const asked = page.ask("Why?", false, null);
    await vi.advanceTimersByTimeAsync(1);
    tries.push(page.store.outgoing.value[0]?.state);
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect(await asked).toBe("m");
    expect(tries).toEqual(["waiting"]);
    expect(requests.filter((name) => name === "POST /api/questions")).toHaveLength(10);
  });

  test("a discarded question is not sent again", async () => {
    const { page, requests } = await opened({
      "POST /api/questions": () => new Response("", { status: 503 }),
    });
    vi.useFakeTimers();
    const asked = page.ask("Why?", false, null, "c1");
    await vi.advanceTimersByTimeAsync(1);
    page.store.discard("c1");
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect(await asked).toBeNull();
    expect(requests.filter((name) => name === "POST /api/questions")).toHaveLength(1);
  });

  test("a question that is discarded while nobody could be made is not asked afterwards", async () => {
    let away = true;
    const { page, requests } = await opened({
      "POST /api/users/guests": () =>
        away
          ? new Response("", { status: 503 })
          : { user: { id: "bob", name: "Bob", kind: "guest", roles: [] } },
    });
    vi.useFakeTimers();
    const asked = page.ask("Why?", false, null, "c1");
    await vi.advanceTimersByTimeAsync(100);
    away = false;
    page.store.discard("c1");
    await vi.runAllTimersAsync();
    expect(await asked).toBeNull();
    expect(requests).not.toContain("POST /api/questions");
  });

  test("a pause before there was anybody does not make a refused question somebody's", async () => {
    const kept = shelf();
    let away = 9;
    const { page, requests } = await opened(
      {
        "POST /api/users/guests": () => {
          if (away-- > 0) return new Response("", { status: 503 });
          return { user: { id: "bob", name: "Bob", kind: "guest", roles: [] } };
        },
        "POST /api/questions": () => new Response("", { status: 429 }),
      },
      kept,
    );
    vi.useFakeTimers();
    const asked = page.ask("Why?", false, null, "c1");
    await vi.runAllTimersAsync();
    await asked;
    expect(requests).toContain("POST /api/questions");
    expect(page.store.outgoing.value).toMatchObject([{ state: "failed", author: null }]);
  });

  test("what a reload left unsent goes out again under the same id, and only until it has arrived", async () => {
    const kept = shelf();
    const away = await opened({ "POST /api/questions": () => new Response("", { status: 400 }) }, kept);
    await away.page.ask("Why?", true, null, "c1");
    const spy = vi.spyOn(Api.prototype, "ask");
    const { page } = await opened({ "POST /api/questions": () => question("m", { mine: true }) }, kept);
    await vi.waitFor(() => expect(page.store.outgoing.value).toEqual([]));
    expect(spy.mock.calls.map(([request]) => request)).toEqual([
      { body: "Why?", room: "r", anonymous: true, clientId: "c1" },
    ]);
    spy.mockRestore();
    expect(kept.items.size).toBe(0);
  });

  test("what may have arrived under another name is not sent by itself, but kept and said to be so", async () => {
    const kept = shelf();
    const as = (id: string) => () => ({ id, name: id, kind: "guest", roles: [] });
    const before = await opened({ "GET /api/users/me": as("bob") }, kept);
    before.hold();
    void before.page.ask("Why?", true, null, "c1");
    await vi.waitFor(() => expect(before.requests).toContain("POST /api/questions"));
    const answers = {
      "GET /api/users/me": as("ann"),
      "POST /api/questions": () => question("m", { mine: true }),
    };
    const { page, requests } = await opened(answers, kept);
    expect(page.store.outgoing.value).toMatchObject([{ body: "Why?", state: "failed", author: "bob" }]);
    expect(requests).not.toContain("POST /api/questions");
    expect(kept.getItem("unsent LOBBY")).toContain("c1");
    expect(await page.ask("Why?", true, null, "c1")).toBe("m");
    expect(kept.items.size).toBe(0);
  });

  test("a question that was refused because the session had ended goes out for whoever goes on", async () => {
    const kept = shelf();
    const me = () => ({ id: "bob", name: "Bob", kind: "guest", roles: [] });
    const refusal = { type: "urn:modular:session-ended", title: "Your session has ended.", status: 401 };
    const headers = { "content-type": "application/problem+json" };
    const before = await opened(
      {
        "GET /api/users/me": me,
        "POST /api/questions": () => Response.json(refusal, { status: 401, headers }),
      },
      kept,
    );
    await before.page.ask("Why?", false, null, "c1");
    const { page } = await opened({ "POST /api/questions": () => question("m", { mine: true }) }, kept);
    await vi.waitFor(() => expect(page.store.outgoing.value).toEqual([]));
  });

  test("a question is not sent again once the session has ended meanwhile, which would make it a new guest's", async () => {
    const { page, requests } = await opened({
      "GET /api/users/me": () => ({ id: "bob", name: "Bob", kind: "guest", roles: [] }),
      "POST /api/questions": () => new Response("", { status: 503 }),
      "PUT /api/questions/a/vote": () => new Response("", { status: 503 }),
    });
    vi.useFakeTimers();
    const acts = [page.ask("Why?", false, null), page.vote("a", true)];
    await vi.advanceTimersByTimeAsync(1);
    page.identity.refused(Problem.sessionEnded());
    await vi.runAllTimersAsync();
    await Promise.all(acts);
    expect(requests).toEqual(["POST /api/questions", "PUT /api/questions/a/vote"]);
    expect(page.store.outgoing.value).toMatchObject([{ body: "Why?", state: "failed" }]);
  });

  test("the name typed with a question outlives a reload while nobody could be made", async () => {
    const kept = shelf();
    const before = await opened({ "POST /api/users/guests": () => new Response("", { status: 429 }) }, kept);
    await before.page.ask("Why?", false, "Grace", "c1");
    const made = vi.spyOn(Api.prototype, "makeGuest");
    const { page } = await opened({ "POST /api/questions": () => question("m", { mine: true }) }, kept);
    await vi.waitFor(() => expect(page.store.outgoing.value).toEqual([]));
    expect(made.mock.calls).toEqual([["Grace"]]);
  });

  test("with a session that has ended the room is shown all the same, at once, and the end is told", async () => {
    let cookie = true;
    const dead = () => {
      cookie = false;
      const ended = { type: "urn:modular:session-ended", title: "Your session has ended.", status: 401 };
      return Response.json(ended, { status: 401, headers: { "content-type": "application/problem+json" } });
    };
    const room = { id: "r", code: "LOBBY", title: "Lobby", hostId: null, state: "open", settings: {} };
    const pauses = vi.spyOn(globalThis, "setTimeout");
    const { page } = await opened({
      "GET /api/users/me": dead,
      "GET /api/rooms/LOBBY": () => (cookie ? dead() : room),
    });
    expect(pauses).not.toHaveBeenCalled();
    pauses.mockRestore();
    expect([page.phase.value, page.identity.ended.value]).toEqual(["ready", true]);
  });

  test("an unknown room is said to be unknown", async () => {
    const { page } = await opened({ "GET /api/rooms/LOBBY": () => new Response("", { status: 404 }) });
    expect(page.phase.value).toBe("unknown");
  });
});

describe("a host link", () => {
  test("makes who opens it the host, a guest first where there is nobody", async () => {
    const { page, requests } = await opened({
      "POST /api/rooms/links/accept": () => ({
        id: "r",
        code: "ABC234",
        title: "T",
        hostId: "bob",
        state: "open",
      }),
    });
    await page.becomeHost("s3cret");
    expect(requests).toEqual(["POST /api/users/guests", "POST /api/rooms/links/accept"]);
    expect(page.isHost).toBe(true);
  });

  test("that is not valid says so and changes nothing", async () => {
    const { page } = await opened({
      "POST /api/rooms/links/accept": () =>
        Response.json(
          { type: "urn:modular:link-unknown", errors: ["This link is not valid."] },
          { status: 404, headers: { "content-type": "application/problem+json" } },
        ),
    });
    await page.becomeHost("wrong");
    expect(page.isHost).toBe(false);
    expect(toasts.value.at(-1)?.text).toBe("This link is not valid.");
  });
});

describe("a role in the room", () => {
  const told = (seq: number, userId: string, role: string) => ({
    seq,
    at: "2026-01-01T12:00:00Z",
    type: "member.roleChanged",
    data: { id: "m", userId, role },
  });

  test("of a moderator counts from the moment it is told, and until it is taken back", async () => {
    const { page, sources } = await opened({
      "GET /api/users/me": () => ({ id: "bob", name: "Bob", kind: "guest", roles: [] }),
    });
    expect(page.mayModerate).toBe(false);
    sources[1]?.apply([told(1, "bob", "moderator")]);
    expect([page.mayModerate, page.isHost]).toEqual([true, false]);
    sources[1]?.apply([told(2, "bob", "member")]);
    expect(page.mayModerate).toBe(false);
  });

  test("of somebody else or of somebody deleted changes nothing here", async () => {
    const { page, sources } = await opened({
      "GET /api/users/me": () => ({ id: "bob", name: "Bob", kind: "guest", roles: [] }),
    });
    const room = page.room.value;
    sources[1]?.apply([
      told(1, "ann", "moderator"),
      { ...told(2, "", ""), data: { id: "m" } },
      { ...told(3, "", ""), type: "member.left", data: { id: "m" } },
    ]);
    expect(page.room.value).toEqual(room);
  });
});
