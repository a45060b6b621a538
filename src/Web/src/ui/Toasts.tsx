import { dismiss, type Toast, toasts } from "../toasts";
import { Countdown, useSecondsUntil } from "./Countdown";
import { CloseIcon } from "./icons";

export function Toasts() {
  return (
    <div class="toasts" aria-live="assertive">
      {toasts.value.map((one) => (
        <ToastRow key={one.id} one={one} />
      ))}
    </div>
  );
}

function ToastRow({ one }: { one: Toast }) {
  return (
    <div class={`toast toast-${one.kind}`}>
      <span>
        {one.text} <Countdown after="Again" seconds={useSecondsUntil(one.againAt)} />
      </span>
      <button type="button" aria-label="Dismiss" onClick={() => dismiss(one.id)}>
        <CloseIcon />
      </button>
    </div>
  );
}
