import { useState } from "preact/hooks";
import { EmailField } from "./Field";
import { Form } from "./Form";

interface Props {
  readonly submit: string;
  readonly mail: (email: string) => Promise<string>;
}

/** Asks for a mail. What comes back is the same whether the address has an account or not. */
export function MailLink({ submit, mail }: Props) {
  const [sent, setSent] = useState<string | null>(null);
  return (
    <>
      <div role="status">{sent && <p class="banner banner-good">{sent}</p>}</div>
      {!sent && (
        <Form submit={submit} act={async (input) => setSent(await mail(input("email")))}>
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
