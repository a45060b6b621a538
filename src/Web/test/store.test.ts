import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { QuestionStore, sorted, sortedAnswered } from "../src/store";
import { shown } from "../src/votes";
import type { Question } from "../src/wire";
import { event, page, question, told } from "./questions";

const bob = "bob";
const byBob = { author: { id: bob, name: "Bob" } };

function storeWith(...items: Question[]): QuestionStore {
  const store = new QuestionStore(() => bob);
  store.replace([page(10, ...items)], store.beginLoad());
  return store;
}

const bodies = (store: QuestionStore, state: "live" | "answered" = "live") =>
  sorted(store.all(state), "newest").map((entry) => entry.question.body);
const votesOf = (store: QuestionStore, id: string) => {
  const entry = store.entry(id)?.value;
  return entry ? shown(entry.votes) : null;
};

describe("store", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("a question that is asked, edited, answered, reopened and removed goes all these ways", () => {
    const store = storeWith();
    store.apply([event(11, "question.asked", told("a"))]);
    expect(bodies(store)).toEqual(["Question a"]);
    store.apply([event(12, "question.edited", told("a", { body: "Better" }))]);
    expect(bodies(store)).toEqual(["Better"]);
    store.apply([event(13, "question.answered", told("a", { body: "Better", state: "answered" }))]);
    expect([bodies(store), bodies(store, "answered")]).toEqual([[], ["Better"]]);
    store.apply([event(14, "question.reopened", told("a", { body: "Better" }))]);
    expect(bodies(store)).toEqual(["Better"]);
    store.apply([event(15, "question.removed", { id: "a" })]);
    expect(bodies(store)).toEqual([]);
  });

  test("an archived question goes and comes back when it is asked anew", () => {
    const store = storeWith(question("a"));
    store.apply([event(11, "question.archived", told("a", { state: "archived" }))]);
    expect(bodies(store)).toEqual([]);
    store.apply([event(12, "question.asked", told("a"))]);
    expect(bodies(store)).toEqual(["Question a"]);
  });

  test("an event keeps what is mine and what I voted for", () => {
    const store = storeWith(question("a", { mine: true, voted: true, author: null }));
    store.apply([event(11, "question.edited", told("a", { author: null, body: "New" }))]);
    expect(store.entry("a")?.value).toMatchObject({ mine: true, votes: { voted: true } });
  });

  test("an author who deleted themselves loses the name and nothing else moves", () => {
    const store = storeWith(question("a", { mine: false, voted: true, votes: 7 }));
    store.apply([event(11, "question.voted", { id: "a", votes: 9 })]);
    store.apply([event(12, "question.edited", told("a", { author: null, votes: 7 }))]);
    expect(store.entry("a")?.value).toMatchObject({
      question: { author: null },
      votes: { count: 9, voted: true },
    });
  });

  test("of an event that was redacted nothing is taken, and the later one brings the question", () => {
    const store = storeWith(question("a", { votes: 2 }));
    store.apply([event(11, "question.voted", { id: "a", votes: 9 })]);
    store.apply([event(12, "question.asked", { id: "a" }), event(13, "question.answered", { id: "b" })]);
    store.apply([event(14, "question.voted", { id: "b" })]);
    expect(bodies(store)).toEqual(["Question a"]);
    expect(votesOf(store, "a")?.votes).toBe(9);
    store.apply([event(15, "question.edited", told("b", { author: null }))]);
    expect(bodies(store)).toContain("Question b");
  });

  test("a question of mine from another device is mine and has my vote", () => {
    const store = storeWith();
    store.apply([event(11, "question.asked", told("a", byBob)), event(12, "question.asked", told("b"))]);
    expect(store.entry("a")?.value).toMatchObject({ mine: true, votes: { voted: true } });
    expect(store.entry("b")?.value).toMatchObject({ mine: false, votes: { voted: false } });
  });

  test("marking as answered does not bring an older count back", () => {
    const store = storeWith(question("a", { votes: 5 }));
    store.apply([event(11, "question.answered", told("a", { state: "answered", votes: 4 }))]);
    expect(votesOf(store, "a")?.votes).toBe(5);
  });

  test("an event that the state contains already changes nothing", () => {
    const store = storeWith(question("a", { votes: 5 }));
    store.apply([event(9, "question.voted", { id: "a", votes: 3 })]);
    expect(votesOf(store, "a")?.votes).toBe(5);
  });

  test("an event that was redacted to its id shows nothing", () => {
    const store = storeWith();
    store.apply([
      event(11, "question.asked", { id: "a" }),
      event(12, "question.voted", { id: "a", votes: 2 }),
    ]);
    expect(bodies(store)).toEqual([]);
  });

  test("a page that was read before a question went does not bring it back", () => {
    const store = storeWith(question("a"));
    store.apply([event(12, "question.removed", { id: "a" })]);
    store.add(page(11, question("a"), question("b")), store.beginLoad());
    expect(bodies(store)).toEqual(["Question b"]);
  });

  test("a new state takes away what is no longer there", () => {
    const store = storeWith(question("a"), question("b"));
    store.replace([page(20, question("b"))], store.beginLoad());
    expect(bodies(store)).toEqual(["Question b"]);
  });

  test("of two pages that hold the same question the later read wins", () => {
    const store = new QuestionStore(() => bob);
    const pages = [page(10, question("a")), page(11, question("a", { state: "answered" }))];
    store.replace(pages, store.beginLoad());
    expect([bodies(store), bodies(store, "answered")]).toEqual([[], ["Question a"]]);
  });

  test("an own question is not dropped by a load that began before it was confirmed", () => {
    const store = storeWith();
    const begun = store.beginLoad();
    store.sending({ clientId: "c1", body: "Mine", anonymous: false, name: null });
    store.confirm(question("m", { body: "Mine", mine: true, voted: true, ...byBob }), "c1");
    store.replace([page(12, question("a"))], begun);
    expect(bodies(store)).toContain("Mine");
    expect(store.outgoing.value).toEqual([]);
    store.replace([page(13, question("a"))], store.beginLoad());
    expect(bodies(store)).not.toContain("Mine");
  });

  test("a question on its way survives every load", () => {
    const store = storeWith();
    store.sending({ clientId: "c1", body: "Mine", anonymous: false, name: null });
    store.replace([page(12)], store.beginLoad());
    expect(store.outgoing.value).toMatchObject([{ clientId: "c1", state: "sending" }]);
  });

  test("an own question whose event is faster than its answer does not show twice", () => {
    const store = storeWith();
    store.sending({ clientId: "c1", body: "Mine", anonymous: true, name: null });
    store.apply([event(11, "question.asked", told("m", { body: "Mine", author: null }))]);
    expect(store.outgoing.value.filter((one) => !one.arrived)).toEqual([]);
    store.confirm(question("m", { body: "Mine", author: null, mine: true, voted: true }), "c1");
    expect(bodies(store)).toEqual(["Mine"]);
    expect(store.entry("m")?.value).toMatchObject({ mine: true, votes: { voted: true, count: 1 } });
  });

  test("the same words from somebody else are not taken for mine", () => {
    const store = storeWith();
    store.sending({ clientId: "c1", body: "Why?", anonymous: false, name: null });
    store.apply([event(11, "question.asked", told("x", { body: "Why?" }))]);
    expect(store.outgoing.value).toMatchObject([{ arrived: false }]);
  });

  test("what a load shows of an own question that is still being sent again does not stand there twice", () => {
    const store = storeWith();
    store.sending({ clientId: "c1", body: "Mine", anonymous: true, name: null });
    store.sending({ clientId: "c2", body: "Mine", anonymous: true, name: null }, bob);
    store.replace([page(12, question("m", { body: "Mine", author: null, mine: true }))], store.beginLoad());
    expect(store.outgoing.value).toMatchObject([
      { clientId: "c1", arrived: false },
      { clientId: "c2", arrived: true },
    ]);
  });

  test("a refusal is seen even where somebody else's question has the same words, before or after it", () => {
    const store = storeWith();
    const theirs = (id: string, seq: number) =>
      store.apply([event(seq, "question.asked", told(id, { body: "Slides?", author: null }))]);
    store.sending({ clientId: "c1", body: "Slides?", anonymous: true, name: null });
    theirs("x", 11);
    store.sendingFailed("c1", ["Too fast."], 0);
    theirs("y", 12);
    expect(store.outgoing.value).toMatchObject([{ state: "failed", arrived: false }]);
  });

  test("what has most likely arrived is not shown as refused beside itself", () => {
    const store = storeWith();
    store.sending({ clientId: "c1", body: "Slides?", anonymous: true, name: null });
    store.apply([event(11, "question.asked", told("x", { body: "Slides?", author: null }))]);
    store.sendingFailed("c1", ["Too fast."], 0, false);
    expect(store.outgoing.value).toMatchObject([{ state: "failed", arrived: true }]);
  });

  test("a stranger's anonymous question is not taken for mine that bears a name", () => {
    const store = storeWith();
    store.sending({ clientId: "c1", body: "Slides?", anonymous: false, name: null });
    store.apply([event(11, "question.asked", told("x", { body: "Slides?", author: null }))]);
    expect(store.outgoing.value).toMatchObject([{ arrived: false }]);
  });

  test("an own question that waits for approval stays in sight over a load, others' never show", () => {
    const store = storeWith();
    store.confirm(question("m", { mine: true, state: "pending" }));
    store.replace([page(20, question("x", { state: "pending" }))], store.beginLoad());
    expect(bodies(store)).toEqual(["Question m"]);
  });

  test("a load that began before an own vote was answered does not take it back", () => {
    const store = storeWith(question("a", { votes: 5 }));
    const begun = store.beginLoad();
    store.press("a", true);
    store.voteAnswered("a", { votes: 6, voted: true });
    store.replace([page(11, question("a", { votes: 5, voted: false }))], begun);
    expect(votesOf(store, "a")).toEqual({ votes: 6, voted: true });
  });

  test("one request in flight a question: a second press only changes the wish", () => {
    const store = storeWith(question("a"));
    expect(store.press("a", true)).toBe(true);
    expect(store.press("a", false)).toBe(false);
    expect(store.wish("a")).toBe(false);
  });

  test("a count held back after an own vote shows after a second", () => {
    const store = storeWith(question("a", { votes: 5 }));
    store.press("a", true);
    store.voteAnswered("a", { votes: 6, voted: true });
    store.apply([event(11, "question.voted", { id: "a", votes: 4 })]);
    expect(votesOf(store, "a")?.votes).toBe(6);
    vi.advanceTimersByTime(1000);
    expect(votesOf(store, "a")?.votes).toBe(4);
  });

  test("top puts the most votes first and the newer of equals, the pinned one above all", () => {
    const [old, young] = [question("old", { votes: 3 }), question("young", { votes: 3 })];
    const store = storeWith(old, young, question("best", { votes: 9 }), question("pin", { pinned: true }));
    expect(sorted(store.all("live"), "top").map((entry) => entry.question.id)).toEqual([
      "pin",
      "best",
      "young",
      "old",
    ]);
  });

  test("the last answered comes first", () => {
    const done = (id: string, updatedAt: string) => question(id, { state: "answered", updatedAt });
    const store = storeWith(done("a", "2026-05-01T12:00:00Z"), done("b", "2026-05-01T13:00:00Z"));
    expect(sortedAnswered(store.all("answered")).map((entry) => entry.question.id)).toEqual(["b", "a"]);
  });
});
