import type { Page, Question, QuestionData, StreamEvent } from "../src/wire";

let made = 0;

export function question(id: string, more: Partial<Question> = {}): Question {
  const at = new Date(Date.UTC(2026, 4, 1, 12, 0, made++)).toISOString();
  return {
    id,
    roomId: "r",
    body: `Question ${id}`,
    author: { id: "ann", name: "Ann" },
    state: "live",
    votes: 1,
    pinned: false,
    labels: [],
    reply: null,
    createdAt: at,
    updatedAt: at,
    version: 1,
    mine: false,
    voted: false,
    ...more,
  };
}

/** What an event carries: the question without what is personal. */
export function told(id: string, more: Partial<Question> = {}): QuestionData {
  const { mine: _, voted: __, ...data } = question(id, more);
  return data;
}

export const event = (seq: number, type: string, data: object): StreamEvent => ({ seq, type, at: "", data });

export const page = (seq: number, ...items: Question[]): Page<Question> => ({
  items,
  next: null,
  stream: { name: "questions/r", epoch: "e1", seq },
});
