import { useState } from "preact/hooks";
import { wayBack } from "../../ways";
import { Form } from "./Form";
import { askForMail, useHere } from "./here";
import { useLink } from "./link";
import { MailOff } from "./MailOff";

/**
 * Takes a press: a mail filter that opens links must not confirm the address in the place of its owner, least of all
 * one that somebody else registered with.
 */
export function VerifyPage() {
  const { account, token } = useHere();
  const link = useLink();
  const [done, setDone] = useState(false);
  if (done)
    return (
      <section class="panel">
        <p role="status">Your e-mail address is confirmed.</p>
        <a class="way" href={wayBack()}>
          Go to the questions
        </a>
      </section>
    );
  if (!token || link.spent)
    return <AnotherLink why={link.spent ?? "Open the link in your mail once more."} />;
  return (
    <section class="panel">
      <p>Is it you who registered here with this e-mail address?</p>
      <Form
        submit="Yes, confirm it"
        act={() =>
          link.use(async () => {
            await account.verify(token);
            setDone(true);
          })
        }
      />
    </section>
  );
}

function AnotherLink({ why }: { why: string }) {
  const here = useHere();
  const [sent, setSent] = useState(false);
  const me = here.identity.me.value;
  return (
    <section class="panel">
      <p role="alert">{why}</p>
      {me?.kind !== "member" && (
        <a class="way" href="/sign-in">
          Sign in to get a new link
        </a>
      )}
      {me?.kind === "member" && me.emailVerified && <p>Your address {me.email} is confirmed already.</p>}
      {me?.kind === "member" && !me.emailVerified && !sent && !here.mailOff.value && (
        <Form
          submit="Mail me a new link"
          act={async () => setSent(await askForMail(here, () => here.account.mailVerification()))}
        />
      )}
      <MailOff />
      <div role="status">
        {sent && <p class="banner banner-good">A new link is on its way to {me?.email}.</p>}
      </div>
    </section>
  );
}
