import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { wayBack } from "../../ways";
import { BackIcon } from "../icons";
import { SessionEnded } from "../SessionEnded";
import { Toasts } from "../Toasts";
import { useHere } from "./here";

interface Props {
  readonly title: string;
  readonly phase: ReadonlySignal<"asking" | "away" | "known">;
  readonly children: ComponentChildren;
}

export function Shell({ title, phase, children }: Props) {
  const { identity } = useHere();
  return (
    <>
      <header>
        <div class="header-row header-narrow">
          <a class="round back" href={wayBack()} aria-label="Back to the questions">
            <BackIcon />
          </a>
          <h1>{title}</h1>
        </div>
      </header>
      <main class="account">
        <div role="status">
          {phase.value === "away" && (
            <p class="banner banner-warn">The server cannot be reached. Trying again.</p>
          )}
        </div>
        <SessionEnded identity={identity} />
        {phase.value === "known" ? children : <div class="panel bone-panel" aria-busy="true" />}
      </main>
      <Toasts />
    </>
  );
}
