import { useState } from "preact/hooks";
import { forgetUnsent } from "../../unsent";
import { Confirm } from "./Confirm";
import { carryOut, goBack, useHere } from "./here";

export function SignOut() {
  const here = useHere();
  const [asked, ask] = useState(false);
  const isGuest = here.identity.me.value?.kind === "guest";
  const signOut = () =>
    carryOut(here, async () => {
      await here.account.logout();
      forgetUnsent();
      here.identity.became(null);
      await goBack();
    });
  return (
    <>
      <button type="button" class="panel way" onClick={isGuest ? () => ask(true) : signOut}>
        Sign out
      </button>
      {asked && (
        <Confirm title="Sign out as a guest?" close={() => ask(false)}>
          <p>
            Nobody can come back as this guest: you could no longer take back a vote or find your questions.
            Register first to keep them.
          </p>
          <a class="strong" href="/register">
            Register
          </a>
          <button type="button" class="quiet quiet-danger" onClick={signOut}>
            Sign out and lose them
          </button>
        </Confirm>
      )}
    </>
  );
}
