import { useRef } from "preact/hooks";
import { toast } from "../../toasts";
import { useHere } from "./here";
import { PasswordForm } from "./PasswordForm";

export function PasswordPanel() {
  const { identity } = useHere();
  const details = useRef<HTMLDetailsElement>(null);
  const hasOne = identity.me.value?.hasPassword !== false;
  return (
    <details class="panel" ref={details}>
      <summary>{hasOne ? "Change the password" : "Choose a password"}</summary>
      <PasswordForm
        submit={hasOne ? "Change it" : "Save it"}
        look="quiet"
        done={() => {
          if (details.current) details.current.open = false;
          toast(`${hasOne ? "Changed" : "Saved"}. All other devices are signed out.`);
        }}
      />
    </details>
  );
}
