import { useState } from "preact/hooks";
import { askForMail, carryOut, useHere } from "./here";
import { MailOff } from "./MailOff";

export function EmailPanel() {
  const here = useHere();
  const [sent, setSent] = useState(false);
  const me = here.identity.me.value;
  const resend = () =>
    carryOut(here, async () => setSent(await askForMail(here, () => here.account.mailVerification())));
  return (
    <section class="panel" aria-labelledby="email-title">
      <h2 id="email-title">E-mail</h2>
      <p class="row">
        <span class="grow">{me?.email}</span>
        <span class={me?.emailVerified ? "chip" : "chip chip-warn"}>
          {me?.emailVerified ? "Confirmed" : "Not confirmed"}
        </span>
      </p>
      <div role="status">
        {sent && <p class="banner banner-good">The link is on its way to {me?.email}.</p>}
      </div>
      <MailOff />
      {!me?.emailVerified && !sent && !here.mailOff.value && (
        <button type="button" class="quiet" onClick={resend}>
          Mail me the link again
        </button>
      )}
    </section>
  );
}
