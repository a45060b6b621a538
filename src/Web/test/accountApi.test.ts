import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AccountApi } from "../src/accountApi";
import { Http } from "../src/http";

const missing = () =>
  Response.json(
    { type: "urn:modular:session-not-found", title: "T", status: 404, detail: "You have no such session." },
    { status: 404, headers: { "content-type": "application/problem+json" } },
  );

/** An account whose server answers so, one answer a request; an Error is a lost one. */
function against(...answers: (Response | Error)[]) {
  return new AccountApi(
    new Http(async () => {
      const answer = answers.shift() ?? new Error("no more answers");
      if (answer instanceof Error) throw answer;
      return answer;
    }),
  );
}

describe("what ends something for good", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test.each(["endSession", "deletePerson"] as const)(
    "%s: found gone after a lost answer is done",
    async (end) => {
      const done = against(new TypeError("network"), missing())[end]("id");
      await vi.runAllTimersAsync();
      await expect(done).resolves.toBeUndefined();
    },
  );

  test.each(["endSession", "deletePerson"] as const)("%s: found gone at once is told", async (end) => {
    await expect(against(missing())[end]("id")).rejects.toThrow("You have no such session.");
  });

  test.each(["endSession", "deletePerson"] as const)("%s: a server that stays away is told", async (end) => {
    const done = against()
      [end]("id")
      .catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    expect(await done).toMatchObject({ status: 0 });
  });
});
