import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { CloseIcon } from "../icons";

interface Props {
  readonly title: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

/** A dialog for what cannot be undone; everything else is done at once. */
export function Confirm({ title, close, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => element.current?.showModal(), []);
  return (
    <dialog class="sheet" ref={element} aria-labelledby="confirm-title" closedby="any" onClose={close}>
      <div class="sheet-body">
        <div class="sheet-head">
          <h2 id="confirm-title">{title}</h2>
          <button type="button" class="round" aria-label="Close" onClick={() => element.current?.close()}>
            <CloseIcon />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
