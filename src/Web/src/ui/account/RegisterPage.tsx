import { EmailField, Field, PasswordField } from "./Field";
import { Form } from "./Form";
import { goBack, useHere } from "./here";
import { SignedInAlready } from "./SignedInAlready";

export function RegisterPage() {
  const { account, identity } = useHere();
  const me = identity.me.value;
  if (me?.kind === "member") return <SignedInAlready />;
  return (
    <>
      <section class="panel">
        <p>
          {me
            ? "Your votes and questions become this account's, and you find them on all your devices."
            : "With an account your votes and questions are yours on all your devices."}
        </p>
        <Form
          submit="Register"
          act={async (input) => {
            const name = input("name");
            const who = { email: input("email"), password: input("password") };
            identity.became(await account.register(name ? { ...who, name } : who));
            await goBack();
          }}
          help={(problem) =>
            problem.is("email-taken") && (
              <a class="way" href="/sign-in">
                Sign in with this address
              </a>
            )
          }
        >
          <NameField name={me?.name} />
          <EmailField />
          <PasswordField fresh />
        </Form>
      </section>
      <nav class="ways" aria-label="Other ways">
        <a class="way" href="/sign-in">
          I have an account
        </a>
      </nav>
    </>
  );
}

export const NameField = ({ name = "" }: { name?: string | undefined }) => (
  <Field
    label="Your name"
    name="name"
    autocomplete="nickname"
    defaultValue={name}
    {...(name ? {} : { placeholder: "Left empty, you get one" })}
  />
);
