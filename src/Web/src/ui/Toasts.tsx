import { dismiss, toasts } from "../toasts";
import { CloseIcon } from "./icons";

export function Toasts() {
  return (
    <div class="toasts" aria-live="assertive">
      {toasts.value.map((one) => (
        <div class={`toast toast-${one.kind}`} key={one.id}>
          <span>{one.text}</span>
          <button type="button" aria-label="Dismiss" onClick={() => dismiss(one.id)}>
            <CloseIcon />
          </button>
        </div>
      ))}
    </div>
  );
}
