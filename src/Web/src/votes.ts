import type { VoteResult } from "./wire";

/**
 * The votes of one question as this person should see them. What the server told is kept apart from
 * what the person just pressed, so neither can make the other jump.
 */
export interface Votes {
  readonly count: number;
  readonly voted: boolean;
  /** What the person pressed while no answer has come; null: nothing under way. */
  readonly want: boolean | null;
  /** After an own vote, counts from before it may still arrive; they are held back for a moment. */
  readonly hold: Hold | null;
}

interface Hold {
  readonly since: number;
  /** The way the own vote moved the count; 0 while it is not answered and every count is held back. */
  readonly direction: -1 | 0 | 1;
  readonly held: number | null;
}

export const shown = (votes: Votes): VoteResult =>
  votes.want === null || votes.want === votes.voted
    ? { votes: votes.count, voted: votes.voted }
    : { votes: Math.max(0, votes.count + (votes.want ? 1 : -1)), voted: votes.want };

export const fresh = (count: number, voted: boolean): Votes => ({ count, voted, want: null, hold: null });

/** A count that came over the stream. */
export function counted(votes: Votes, count: number): Votes {
  const hold = votes.hold;
  if (!hold) return { ...votes, count };
  const stale = hold.direction === 0 || Math.sign(count - votes.count) === -hold.direction;
  return stale
    ? { ...votes, hold: { ...hold, held: count } }
    : { ...votes, count, hold: { ...hold, held: null } };
}

export function pressed(votes: Votes, want: boolean, since: number): Votes {
  return { ...votes, want, hold: { since, direction: 0, held: votes.hold?.held ?? null } };
}

export function answered(votes: Votes, result: VoteResult, since: number): Votes {
  const held = votes.hold?.held ?? null;
  const settled: Votes = {
    count: result.votes,
    voted: result.voted,
    want: null,
    hold: { since, direction: result.voted ? 1 : -1, held: null },
  };
  return held === null ? settled : counted(settled, held);
}

/** The moment is over: the last count that came is the truth. */
export function released(votes: Votes, since?: number): Votes {
  if (!votes.hold || (since !== undefined && votes.hold.since !== since)) return votes;
  return { ...votes, count: votes.hold.held ?? votes.count, hold: null };
}

export const refused = (votes: Votes): Votes => ({ ...released(votes), want: null });
