import { signal } from "@preact/signals";
import { useMemo, useRef, useState } from "preact/hooks";
import { draftFor } from "../draft";
import type { ListOrder } from "../listOrder";
import type { RoomPage } from "../roomPage";
import { bodyLimit, lengthOf, whyNot } from "../text";
import { CloseIcon } from "./icons";

export type AskDialogHandle = ReturnType<typeof useAskDialog>;

export function useAskDialog() {
  const element = useRef<HTMLDialogElement>(null);
  return useMemo(
    () => ({
      element,
      open: () => element.current?.showModal(),
      close: () => element.current?.close(),
    }),
    [],
  );
}

const anonymous = signal(false);
/** Null until the person types one. */
const name = signal<string | null>(null);

interface Props {
  readonly page: RoomPage;
  readonly order: ListOrder;
  readonly dialog: AskDialogHandle;
}

export function AskDialog({ page, order, dialog }: Props) {
  const [error, setError] = useState<string | null>(null);
  const draft = useMemo(() => draftFor(page.code), [page]);
  const length = lengthOf(draft.value.trim());
  const mayHide = page.room.value?.settings.anonymous ?? true;
  const unnamed = mayHide && anonymous.value;
  const called = name.value ?? page.identity.me.value?.name ?? "";

  const send = async () => {
    const wrong = whyNot(draft.value);
    setError(wrong);
    if (wrong) return;
    const body = draft.value;
    draft.value = "";
    dialog.close();
    scrollTo({ top: 0 });
    const id = await page.ask(body, unnamed, unnamed ? null : name.value?.trim() || null);
    if (!id) return;
    // From here on the field shows the name as the server keeps it.
    name.value = null;
    reveal(order, id);
  };

  return (
    <dialog class="sheet" ref={dialog.element} aria-labelledby="ask-title" closedby="any">
      <form
        method="dialog"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div class="sheet-head">
          <h2 id="ask-title">Ask a question</h2>
          <button type="button" class="round" aria-label="Close" onClick={dialog.close}>
            <CloseIcon />
          </button>
        </div>
        <textarea
          autofocus
          rows={4}
          dir="auto"
          aria-label="Your question"
          aria-invalid={error !== null}
          aria-describedby="ask-count ask-error"
          placeholder="What would you like to know?"
          value={draft.value}
          onInput={(event) => {
            draft.value = event.currentTarget.value;
            setError(null);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
          }}
        />
        <div class="sheet-under">
          <p id="ask-error" class="field-error" role="alert">
            {error}
          </p>
          <p id="ask-count" class={length > bodyLimit ? "counter counter-over" : "counter"}>
            {length} / {bodyLimit}
          </p>
        </div>
        {mayHide && (
          <label class="switch">
            <input
              type="checkbox"
              role="switch"
              checked={anonymous.value}
              aria-checked={anonymous.value}
              onChange={(event) => {
                anonymous.value = event.currentTarget.checked;
              }}
            />
            <span>Ask anonymously</span>
          </label>
        )}
        {!unnamed && (
          <label class="field">
            <span>Your name</span>
            <input
              autocomplete="nickname"
              maxLength={50}
              placeholder="Left empty, you get one"
              value={called}
              onInput={(event) => {
                name.value = event.currentTarget.value;
              }}
            />
          </label>
        )}
        <button type="submit" class="strong">
          Send
        </button>
      </form>
    </dialog>
  );
}

/** Shows an own question where it ended up. */
function reveal(order: ListOrder, id: string): void {
  order.settle();
  requestAnimationFrame(() => {
    const card = document.querySelector<HTMLElement>(`[data-id="${id}"]`);
    card?.scrollIntoView({ block: "nearest" });
    card?.classList.add("arrived");
  });
}
