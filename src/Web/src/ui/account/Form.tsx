import { type ComponentChildren, createContext } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../../problem";
import { Countdown, useSecondsUntil } from "../Countdown";
import { useHere } from "./here";

/** Why the server took nothing of what the fields beneath hold. */
export const Refusal = createContext<Problem | null>(null);

interface Props {
  readonly submit: string;
  readonly act: (input: Input) => Promise<void>;
  readonly children?: ComponentChildren;
  /** What else is said to a refusal. */
  readonly help?: (problem: Problem) => ComponentChildren;
  /** Danger: what the button does cannot be undone. */
  readonly look?: "strong" | "quiet" | "strong strong-danger";
  /** False: nothing may be sent yet. */
  readonly ready?: boolean;
}

/** What was typed, by the inputs' names. */
export type Input = (name: string) => string;

/** The server decides what is wrong; its sentences stand beside their inputs, and the first of them gets the focus. */
export function Form({ submit, act, children, help, look = "strong", ready = true }: Props) {
  const { identity } = useHere();
  const element = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const wait = useSecondsUntil(problem?.againAt ?? 0);
  const held = busy || wait > 0 || !ready;

  useEffect(() => {
    element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [problem]);

  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    if (held || !element.current) return;
    const data = new FormData(element.current);
    setBusy(true);
    try {
      await act((name) => String(data.get(name) ?? ""));
      setProblem(null);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // Another 401 speaks of what was typed, such as a wrong password.
      if (error.is("session-ended") || error.is("unauthenticated")) identity.refused(error);
      setProblem(error);
    }
    setBusy(false);
  };

  return (
    <form class="form" ref={element} noValidate onSubmit={send}>
      <Refusal.Provider value={problem}>{children}</Refusal.Provider>
      <div class="form-problem" role="alert">
        {problem && unplaced(problem, element.current).map((sentence) => <p key={sentence}>{sentence}</p>)}
      </div>
      {problem && help?.(problem)}
      {/* Not disabled: that would throw away the focus of whoever pressed it. */}
      <button type="submit" class={look} aria-disabled={held}>
        {submit} <Countdown seconds={wait} />
      </button>
    </form>
  );
}

/** The sentences that belong to no input of the form. */
function unplaced(problem: Problem, form: HTMLFormElement | null): readonly string[] {
  const fields = Object.entries(problem.fields);
  if (fields.length === 0) return problem.sentences;
  return fields.filter(([name]) => !form?.elements.namedItem(name)).flatMap(([, sentences]) => sentences);
}
