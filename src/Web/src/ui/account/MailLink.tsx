import { useState } from "preact/hooks";
import { EmailField } from "./Field";
import { Form } from "./Form";
import { askForMail, useHere } from "./here";
import { MailOff } from "./MailOff";

interface Props {
  readonly submit: string;
  readonly mail: (email: string) => Promise<string>;
}

/** Asks for a mail. What comes back is the same whether the address has an account or not. */
export function MailLink({ submit, mail }: Props) {
  const here = useHere();
  const [sent, setSent] = useState<string | null>(null);
  if (here.mailOff.value) return <MailOff />;
  return (
    <>
      <div role="status">{sent && <p class="banner banner-good">{sent}</p>}</div>
      {!sent && (
        <Form
          submit={submit}
          act={async (input) => {
            await askForMail(here, async () => setSent(await mail(input("email"))));
          }}
        >
          <EmailField />
        </Form>
      )}
      {sent && (
        <button type="button" class="quiet" onClick={() => setSent(null)}>
          No mail? Try again
        </button>
      )}
    </>
  );
}
