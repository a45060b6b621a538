import { useState } from "preact/hooks";
import { Problem } from "../../problem";
import { Confirm } from "./Confirm";
import { carryOut, goBack, left, useHere } from "./here";

export function SignOut() {
  const here = useHere();
  const [asked, ask] = useState(false);
  const isGuest = here.identity.me.value?.kind === "guest";
  const signOut = () =>
    carryOut(here, async () => {
      await here.account.logout().catch((error: unknown) => {
        // An earlier press has done it, and its answer was lost; or another device has.
        if (!(error instanceof Problem && error.status === 401)) throw error;
      });
      left(here);
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
