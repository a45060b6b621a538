import { useRef, useState } from "preact/hooks";
import { wayBack } from "../../ways";
import { Form } from "./Form";
import { goBack, useHere } from "./here";
import { useLink } from "./link";
import { MailLink } from "./MailLink";
import { PasswordForm } from "./PasswordForm";
import { StaysWithGuest } from "./StaysWithGuest";

/** A filter that opens every link of a mail, scripts included, must not use up the one sign-in: so it takes a press. */
export function MagicLink({ token }: { token: string }) {
  const { account, identity } = useHere();
  const link = useLink();
  const isIn = useRef(false);
  const [choosing, setChoosing] = useState(false);
  const signIn = () =>
    link.use(async () => {
      // Pressed again because only what follows failed: the link is used up.
      if (!isIn.current) identity.became(await account.acceptMagicLink(token));
      isIn.current = true;
      await identity.check();
      if (identity.me.value?.hasPassword !== false) await goBack();
      setChoosing(true);
    });
  if (choosing) return <ChoosePassword />;
  if (link.spent)
    return (
      <section class="panel">
        <p role="alert">{link.spent}</p>
        <MailLink submit="Mail me a new link" mail={(email) => account.mailMagicLink(email)} />
      </section>
    );
  return (
    <>
      <StaysWithGuest />
      <section class="panel">
        <p>You opened the link from your mail. One press and you are in.</p>
        <Form submit="Sign in" act={signIn} />
      </section>
    </>
  );
}

/** For whoever came by the first link to an address: a password from before may have been somebody else's, and has ended. */
const ChoosePassword = () => (
  <section class="panel" aria-labelledby="choose-title">
    <h2 id="choose-title">You are signed in</h2>
    <p role="status">
      Your old password no longer works, because nobody had confirmed this address. Choose a new one.
    </p>
    <PasswordForm submit="Save the password" look="strong" done={goBack} />
    <a class="way" href={wayBack()}>
      Later: go to the questions
    </a>
  </section>
);
