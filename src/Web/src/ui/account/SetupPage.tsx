import { EmailField, PasswordField } from "./Field";
import { Form } from "./Form";
import { leaveFor, useHere } from "./here";
import { useLink } from "./link";
import { NameField } from "./RegisterPage";

/** The first administrator of a new system. The link is in its log. */
export function SetupPage() {
  const { account, identity, token } = useHere();
  const link = useLink();
  if (!token || link.spent)
    return (
      <section class="panel">
        <p role="alert">{link.spent ?? "Open the link once more that the server wrote into its log."}</p>
        <a class="way" href="/sign-in">
          Sign in
        </a>
      </section>
    );
  return (
    <section class="panel">
      <p>You become the first administrator here: you may moderate every room, and ban and delete people.</p>
      <Form
        submit="Set up"
        act={(input) =>
          link.use(async () => {
            const name = input("name");
            const who = { token, email: input("email"), password: input("password") };
            identity.became(await account.setUp(name ? { ...who, name } : who));
            await leaveFor("/me");
          })
        }
      >
        <NameField name={identity.me.value?.name} />
        <EmailField />
        <PasswordField fresh />
      </Form>
    </section>
  );
}
