import { useState } from "preact/hooks";
import { EmailField, PasswordField } from "./Field";
import { Form } from "./Form";
import { goBack, useHere } from "./here";
import { MagicLink } from "./MagicLink";
import { MailLink } from "./MailLink";
import { MailOff } from "./MailOff";
import { SignedInAlready } from "./SignedInAlready";
import { StaysWithGuest } from "./StaysWithGuest";

export function SignInPage() {
  const { account, identity, token, mailOff } = useHere();
  const [prefersMail, preferMail] = useState(false);
  const byMail = prefersMail && !mailOff.value;
  if (token) return <MagicLink token={token} />;
  if (identity.me.value?.kind === "member") return <SignedInAlready />;
  return (
    <>
      <StaysWithGuest />
      <MailOff />
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
        {!mailOff.value && (
          <>
            <button type="button" class="way" onClick={() => preferMail(!byMail)}>
              {byMail ? "Sign in with my password" : "Mail me a link instead"}
            </button>
            <a class="way" href="/reset">
              Forgot your password?
            </a>
          </>
        )}
        <a class="way" href="/register">
          No account yet? Register
        </a>
      </nav>
    </>
  );
}
