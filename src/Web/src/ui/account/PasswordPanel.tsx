import { useRef } from "preact/hooks";
import { toast } from "../../toasts";
import { PasswordField } from "./Field";
import { Form } from "./Form";
import { useHere } from "./here";

export function PasswordPanel() {
  const { account, identity } = useHere();
  const details = useRef<HTMLDetailsElement>(null);
  return (
    <details class="panel" ref={details}>
      <summary>Change the password</summary>
      <Form
        submit="Change it"
        look="quiet"
        act={async (input) => {
          await account.changePassword(input("password"), input("current"));
          if (details.current) details.current.open = false;
          toast("Changed. All other devices are signed out.");
        }}
      >
        {/* Tells a password manager whose password this is. */}
        <input hidden type="email" autocomplete="username" value={identity.me.value?.email ?? ""} readOnly />
        <PasswordField label="Current password" name="current" />
        <PasswordField label="New password" fresh />
        <p class="hint">You are signed out on all other devices.</p>
      </Form>
    </details>
  );
}
