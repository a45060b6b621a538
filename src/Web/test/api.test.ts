import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Api } from "../src/api";
import { Problem } from "../src/problem";

const ask = { body: "Why?", room: "LOBBY", anonymous: false, clientId: "c-1" };
const asked = () => Response.json({ id: "q1" }, { status: 201 });
const problem = (status: number, body: object, headers = {}) =>
  new Response(JSON.stringify({ status, title: "T", type: "urn:modular:x", ...body }), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });

/** An API whose server gives these answers, one a request; an Error is a lost connection. */
function against(...answers: (Response | Error)[]) {
  const requests: { at: number; method: string; path: string; body: unknown }[] = [];
  const api = new Api(
    async (input, init) => {
      const body = init?.body ? JSON.parse(String(init.body)) : undefined;
      requests.push({ at: Date.now(), method: init?.method ?? "GET", path: String(input), body });
      const answer = answers.shift() ?? new Error("no more answers");
      if (answer instanceof Error) throw answer;
      return answer;
    },
    () => 0.5,
  );
  return { api, requests };
}

describe("api", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }));
  afterEach(() => void vi.useRealTimers());

  test("a question is sent again after a lost connection and a 503, with the same clientId", async () => {
    const { api, requests } = against(new TypeError("network"), problem(503, {}), asked());
    const answer = api.ask(ask);
    await vi.runAllTimersAsync();
    expect((await answer).id).toBe("q1");
    expect(requests.map(({ body }) => body)).toEqual([ask, ask, ask]);
  });

  test("it waits at least as long as Retry-After says", async () => {
    const { api, requests } = against(problem(503, {}, { "retry-after": "7" }), asked());
    const answer = api.ask(ask);
    await vi.runAllTimersAsync();
    await answer;
    expect(requests[1]?.at).toBeGreaterThanOrEqual(7000);
  });

  test("a refusal is not repeated, and shows the server's sentences", async () => {
    const { api, requests } = against(
      problem(400, { type: "urn:modular:body-required", detail: "d", errors: ["Body is required"] }),
    );
    const refusal = await api.ask(ask).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({
      type: "urn:modular:body-required",
      status: 400,
      sentences: ["Body is required"],
    });
    expect(requests).toHaveLength(1);
  });

  test("it gives up in the end and says that the server cannot be reached", async () => {
    const { api, requests } = against();
    const refusal = api.ask(ask).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    expect(await refusal).toMatchObject({ status: 0, type: "unreachable" });
    expect(requests).toHaveLength(7);
  });

  test("a detail is the sentence where no errors are listed", async () => {
    const { api } = against(problem(409, { detail: "The room is closed." }));
    await expect(api.vote("q1", true)).rejects.toThrow("The room is closed.");
  });

  test("an answer that is no problem and no JSON is still a sentence", async () => {
    const { api } = against(new Response("<html>", { status: 418 }));
    await expect(api.room("LOBBY")).rejects.toThrow("The server answered 418.");
  });

  test("nobody yet is not an error", async () => {
    const { api } = against(problem(401, {}));
    expect(await api.me()).toBeNull();
  });

  test("voting puts, taking it back deletes", async () => {
    const { api, requests } = against(
      Response.json({ votes: 1, voted: true }),
      Response.json({ votes: 0, voted: false }),
    );
    await api.vote("q1", true);
    await api.vote("q1", false);
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "PUT /api/questions/q1/vote",
      "DELETE /api/questions/q1/vote",
    ]);
  });

  test("a server that answers again is told of once, and one that refuses has answered", async () => {
    const { api } = against(new TypeError("network"), problem(503, {}), problem(409, {}), asked(), asked());
    let back = 0;
    api.http.onBack = () => void back++;
    const answer = api.ask(ask).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    expect([await answer, back]).toMatchObject([{ status: 409 }, 1]);
    await api.ask(ask);
    await api.ask(ask);
    expect(back).toBe(1);
  });
});
