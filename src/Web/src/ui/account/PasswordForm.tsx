import { Problem } from "../../problem";
import { PasswordField } from "./Field";
import { Form } from "./Form";
import { useHere } from "./here";

interface Props {
  readonly submit: string;
  readonly look: "strong" | "quiet";
  readonly done: () => Promise<void> | void;
}

/** Chooses a password. The one before is asked of whoever has one. */
export function PasswordForm({ submit, look, done }: Props) {
  const { account, identity } = useHere();
  const me = identity.me.value;
  const hasOne = me?.hasPassword !== false;
  const choose = async (password: string, current: string) => {
    try {
      await account.changePassword(password, current);
    } catch (error) {
      // Chosen already: in another tab, or by a press whose answer was lost.
      if (error instanceof Problem && error.is("current-required")) identity.learn({ hasPassword: true });
      throw error;
    }
  };
  return (
    <Form
      submit={submit}
      look={look}
      act={async (input) => {
        await choose(input("password"), input("current"));
        await done();
        identity.learn({ hasPassword: true });
      }}
    >
      {/* Tells a password manager whose password this is. */}
      <input hidden type="email" autocomplete="username" value={me?.email ?? ""} readOnly />
      {hasOne && <PasswordField label="Current password" name="current" />}
      <PasswordField label="New password" fresh />
      <p class="hint">This signs you out on all other devices.</p>
    </Form>
  );
}
