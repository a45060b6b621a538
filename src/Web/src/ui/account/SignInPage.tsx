import { useState } from "preact/hooks";
import { EmailField, PasswordField } from "./Field";
import { Form } from "./Form";
import { goBack, useHere } from "./here";
import { useLink } from "./link";
import { MailLink } from "./MailLink";
import { SignedInAlready } from "./SignedInAlready";

export function SignInPage() {
  const { account, identity, token } = useHere();
  const [byMail, setByMail] = useState(false);
  if (token) return <MagicLink token={token} />;
  if (identity.me.value?.kind === "member") return <SignedInAlready />;
  return (
    <>
      <StaysWithGuest />
      <section class="panel">
        {byMail ? (
          <MailLink submit="Mail me a link" mail={(email) => account.mailMagicLink(email)} />
        ) : (
          <Form
            submit="Sign in"
            act={async (input) => {
              identity.became(await account.login(input("email"), input("password")));
              await goBack();
            }}
          >
            <EmailField />
            <PasswordField />
          </Form>
        )}
      </section>
      <nav class="ways" aria-label="Other ways">
        <button type="button" class="way" onClick={() => setByMail(!byMail)}>
          {byMail ? "Sign in with my password" : "Mail me a link instead"}
        </button>
        <a class="way" href="/reset">
          Forgot your password?
        </a>
        <a class="way" href="/register">
          No account yet? Register
        </a>
      </nav>
    </>
  );
}

/** A filter that opens every link of a mail, scripts included, must not use up the one sign-in: so it takes a press. */
function MagicLink({ token }: { token: string }) {
  const { account, identity } = useHere();
  const link = useLink();
  const signIn = () =>
    link.use(async () => {
      identity.became(await account.acceptMagicLink(token));
      await goBack();
    });
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

/** Signing in makes this browser somebody else; what the guest did is not moved. */
function StaysWithGuest() {
  const me = useHere().identity.me.value;
  if (me?.kind !== "guest") return null;
  return (
    <div class="banner">
      <p>
        You are here as the guest <b>{me.name}</b>. Its questions and votes stay with it when you sign in.
      </p>
      <a class="way" href="/register">
        Keep them: register instead
      </a>
    </div>
  );
}
