import { useState } from "preact/hooks";
import { Confirm } from "./Confirm";
import { DownloadButton } from "./DownloadButton";
import { Field } from "./Field";
import { Form } from "./Form";
import { goBack, left, useHere } from "./here";

export function DataPanel() {
  const [deleting, setDeleting] = useState(false);
  return (
    <section class="panel" aria-labelledby="data-title">
      <h2 id="data-title">My data</h2>
      <DownloadButton />
      <button type="button" class="quiet quiet-danger" onClick={() => setDeleting(true)}>
        Delete my account
      </button>
      {deleting && <DeleteMe close={() => setDeleting(false)} />}
    </section>
  );
}

const word = "delete";

function DeleteMe({ close }: { close: () => void }) {
  const here = useHere();
  const [typed, type] = useState("");
  return (
    <Confirm title="Delete my account" close={close}>
      <p>Your questions stay, without your name. Your votes stay counted.</p>
      <p>
        All else that is yours is deleted: name, e-mail address, password, and you are signed out everywhere.
      </p>
      <p>This cannot be undone.</p>
      <Form
        submit="Delete my account for good"
        look="strong strong-danger"
        ready={typed.trim().toLowerCase() === word}
        act={async () => {
          await here.account.deleteMe();
          left(here);
          await goBack();
        }}
      >
        <Field
          label={`Type “${word}” to confirm`}
          name="confirmation"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          onInput={(event) => type(event.currentTarget.value)}
        />
      </Form>
    </Confirm>
  );
}
