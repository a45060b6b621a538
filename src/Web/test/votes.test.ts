import { describe, expect, test } from "vitest";
import { answered, counted, fresh, pressed, refused, released, shown, type Votes } from "../src/votes";

const through = (votes: Votes, ...steps: ((votes: Votes) => Votes)[]) =>
  steps.reduce((now, step) => step(now), votes);
const press = (want: boolean) => (votes: Votes) => pressed(votes, want, 1);
const answer = (count: number, voted: boolean) => (votes: Votes) =>
  answered(votes, { votes: count, voted }, 2);
const count = (value: number) => (votes: Votes) => counted(votes, value);

describe("votes", () => {
  test("an own vote shows before the server answers, and taking it back too", () => {
    expect(shown(through(fresh(5, false), press(true)))).toEqual({ votes: 6, voted: true });
    expect(shown(through(fresh(5, true), press(false)))).toEqual({ votes: 4, voted: false });
  });

  test("pressing and pressing back before an answer shows what was there", () => {
    expect(shown(through(fresh(5, false), press(true), press(false)))).toEqual({ votes: 5, voted: false });
  });

  test("the event of the own vote does not count it twice while the answer is on its way", () => {
    expect(shown(through(fresh(5, false), press(true), count(6)))).toEqual({ votes: 6, voted: true });
  });

  test("a count from before the own vote, arriving after its answer, never shows", () => {
    const late = through(fresh(5, false), press(true), answer(6, true), count(5));
    expect(shown(late).votes).toBe(6);
    expect(shown(through(late, count(6), (votes) => released(votes))).votes).toBe(6);
  });

  test("votes of others show at once after the own one", () => {
    expect(shown(through(fresh(5, false), press(true), answer(6, true), count(9))).votes).toBe(9);
  });

  test("a count that came during the request and is ahead of the answer shows with it", () => {
    expect(shown(through(fresh(5, false), press(true), count(8), answer(6, true))).votes).toBe(8);
  });

  test("a lower count that was held back and never corrected shows after a moment", () => {
    const held = through(fresh(5, false), press(true), answer(6, true), count(4));
    expect(shown(released(held, 1)).votes).toBe(6);
    expect(shown(released(held, 2)).votes).toBe(4);
  });

  test("after taking a vote back a higher count is the one held back", () => {
    const back = through(fresh(6, true), press(false), answer(5, false), count(6));
    expect(shown(back).votes).toBe(5);
    expect(shown(counted(back, 3)).votes).toBe(3);
  });

  test("a refused vote goes back to what the server said last", () => {
    expect(shown(through(fresh(5, false), press(true), count(7), refused))).toEqual({
      votes: 7,
      voted: false,
    });
  });
});
