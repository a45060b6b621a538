import { PasswordField } from "./Field";
import { Form } from "./Form";
import { goBack, useHere } from "./here";
import { useLink } from "./link";
import { MailLink } from "./MailLink";

/** Without a link it asks for the mail that has one. With one, the form's own press uses it up. */
export function ResetPage() {
  const { account, identity, token, mailOff } = useHere();
  const link = useLink();
  const asksForMail = !token || link.spent;
  return (
    <>
      <section class="panel">
        {link.spent && <p role="alert">{link.spent}</p>}
        {asksForMail ? (
          <>
            {!mailOff.value && <p>We mail you a link with which you choose a new password.</p>}
            <MailLink
              submit={link.spent ? "Mail me a new link" : "Mail me a link"}
              mail={(email) => account.mailReset(email)}
            />
          </>
        ) : (
          <Form
            submit="Save and sign in"
            act={(input) =>
              link.use(async () => {
                identity.became(await account.reset(token, input("password")));
                await goBack();
              })
            }
          >
            <PasswordField label="New password" fresh />
            <p class="hint">This signs you out on all other devices.</p>
          </Form>
        )}
      </section>
      <nav class="ways" aria-label="Other ways">
        <a class="way" href="/sign-in">
          Sign in
        </a>
      </nav>
    </>
  );
}
