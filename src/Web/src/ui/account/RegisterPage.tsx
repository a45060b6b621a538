import { Problem } from "../../problem";
import type { RegisterRequest } from "../../wire";
import { EmailField, Field, PasswordField } from "./Field";
import { Form } from "./Form";
import { goBack, type Here, leaveFor, useHere } from "./here";
import { SignedInAlready } from "./SignedInAlready";

export function RegisterPage() {
  const here = useHere();
  const { identity } = here;
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
            if (await register(here, name ? { ...who, name } : who)) await goBack();
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

/** Answers false where this browser is a member's already: by a press whose answer was lost, or in another tab. */
async function register({ account, identity }: Here, who: RegisterRequest): Promise<boolean> {
  try {
    identity.became(await account.register(who));
    return true;
  } catch (error) {
    if (!(error instanceof Problem && error.is("already-member"))) throw error;
    if (!(await identity.check())) await leaveFor(location.href);
    if (identity.me.value?.kind !== "member") throw error;
    identity.became(identity.me.value);
    return false;
  }
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
