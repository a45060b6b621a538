import { describe, expect, test } from "vitest";
import { Pages } from "../src/pages";
import { Problem } from "../src/problem";

/** A list on a server, two a page. */
function list(...items: string[]) {
  const server = { items, away: false, asked: [] as (string | null)[], answer: null as Promise<void> | null };
  const pages = new Pages<string>(async (after) => {
    server.asked.push(after);
    await server.answer;
    if (server.away) throw Problem.unreachable();
    const from = after ? server.items.indexOf(after) + 1 : 0;
    const page = server.items.slice(from, from + 2);
    return { items: page, next: from + 2 < server.items.length ? (page.at(-1) ?? null) : null };
  });
  return { server, pages };
}

describe("a list that comes in pages", () => {
  test("begins with the first page and goes on to its end", async () => {
    const { pages } = list("a", "b", "c");
    expect(pages.items.value).toBeNull();
    await pages.reload();
    expect([pages.items.value, pages.next.value]).toEqual([["a", "b"], "b"]);
    await pages.more();
    expect([pages.items.value, pages.next.value]).toEqual([["a", "b", "c"], null]);
  });

  test("loaded again it is as long as it was", async () => {
    const { server, pages } = list("a", "b", "c", "d", "e");
    await pages.reload();
    await pages.more();
    server.items = server.items.filter((one) => one !== "b");
    await pages.reload();
    expect(pages.items.value).toEqual(["a", "c", "d", "e"]);
    await pages.restart();
    expect(pages.items.value).toEqual(["a", "c"]);
  });

  test("that it could not be loaded is no empty list, and is forgotten once it could", async () => {
    const { server, pages } = list("a");
    server.away = true;
    await expect(pages.reload()).rejects.toThrow("The server cannot be reached");
    expect([pages.items.value, pages.problem.value?.status, pages.busy.value]).toEqual([null, 0, false]);
    server.away = false;
    await pages.reload();
    expect([pages.items.value, pages.problem.value]).toEqual([["a"], null]);
  });

  test("an answer that a later question has overtaken is not shown", async () => {
    const { server, pages } = list("a", "b", "c");
    let late = () => {};
    server.answer = new Promise((resolve) => {
      late = resolve;
    });
    const slow = pages.reload();
    server.answer = null;
    server.items = ["x"];
    await pages.restart();
    server.items = ["a"];
    late();
    await slow;
    expect(pages.items.value).toEqual(["x"]);
  });

  test("the rest is asked for once, however often it is pressed", async () => {
    const { server, pages } = list("a", "b", "c");
    await pages.reload();
    await Promise.all([pages.more(), pages.more()]);
    expect(server.asked).toEqual([null, "b"]);
  });
});
