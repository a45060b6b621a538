import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ListOrder } from "../src/listOrder";
import { QuestionStore } from "../src/store";
import { event, page, question, told } from "./questions";

function listOf(...votes: [string, number][]) {
  const store = new QuestionStore(() => null);
  const order = new ListOrder(store);
  store.replace([page(10, ...votes.map(([id, count]) => question(id, { votes: count })))], 0);
  vi.advanceTimersByTime(1000);
  let seq = 10;
  return {
    store,
    order,
    vote: (id: string, count: number) => store.apply([event(++seq, "question.voted", { id, votes: count })]),
    ask: (id: string) => store.apply([event(++seq, "question.asked", told(id))]),
    remove: (id: string) => store.apply([event(++seq, "question.removed", { id })]),
  };
}

describe("list order", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => void vi.useRealTimers());

  test("at the top it follows the votes, at most once a second", () => {
    const list = listOf(["a", 3], ["b", 2]);
    vi.advanceTimersByTime(5000);
    list.vote("b", 4);
    expect(list.order.ids.value).toEqual(["b", "a"]);
    list.vote("a", 9);
    expect(list.order.ids.value).toEqual(["b", "a"]);
    vi.advanceTimersByTime(1000);
    expect(list.order.ids.value).toEqual(["a", "b"]);
  });

  test("what the first load brings is shown at once, however fast it came", () => {
    const store = new QuestionStore(() => null);
    const order = new ListOrder(store);
    store.replace([page(10, question("a"))], 0);
    expect(order.ids.value).toEqual(["a"]);
  });

  test("further down nothing moves, and new questions are counted", () => {
    const list = listOf(["a", 3], ["b", 2]);
    list.order.scrolled(false);
    list.vote("b", 9);
    list.ask("c");
    vi.advanceTimersByTime(5000);
    expect(list.order.ids.value).toEqual(["a", "b"]);
    expect(list.order.waiting.value).toBe(1);
    list.order.settle();
    expect(list.order.ids.value).toEqual(["b", "a", "c"]);
    expect(list.order.waiting.value).toBe(0);
  });

  test("a question that was answered leaves at once, though the order has just changed", () => {
    const list = listOf(["a", 3], ["b", 2], ["c", 1]);
    list.vote("c", 9);
    list.store.apply([event(100, "question.answered", told("a", { state: "answered" }))]);
    expect(list.order.ids.value).not.toContain("a");
  });

  test("an own question is listed the moment it is no longer on its way", () => {
    const list = listOf(["a", 3]);
    list.vote("a", 4);
    list.store.sending({ clientId: "1", body: "Question b", anonymous: true, name: null });
    list.store.apply([event(100, "question.asked", told("b", { author: null }))]);
    expect(list.store.outgoing.value[0]?.arrived).toBe(true);
    expect(list.order.ids.value).toEqual(["a", "b"]);
  });

  test("a question that went leaves the list even further down", () => {
    const list = listOf(["a", 3], ["b", 2]);
    list.order.scrolled(false);
    list.remove("a");
    expect(list.order.ids.value).toEqual(["b"]);
  });

  test("back at the top it catches up by itself", () => {
    const list = listOf(["a", 3]);
    list.order.scrolled(false);
    list.ask("c");
    vi.advanceTimersByTime(2000);
    list.order.scrolled(true);
    expect(list.order.ids.value).toEqual(["a", "c"]);
  });

  test("a screen reader hears of new questions, not of the first load", () => {
    const list = listOf(["a", 3]);
    expect(list.order.news.value).toBe("");
    vi.advanceTimersByTime(2000);
    list.ask("c");
    expect(list.order.news.value).toBe("New question: Question c");
    list.order.scrolled(false);
    list.ask("d");
    expect(list.order.news.value).toBe("One new question is waiting");
  });
});
