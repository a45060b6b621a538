import { useEffect } from "preact/hooks";
import { toast } from "../../toasts";
import { DataPanel } from "./DataPanel";
import { EmailPanel } from "./EmailPanel";
import { Field } from "./Field";
import { Form } from "./Form";
import { useHere } from "./here";
import { PasswordPanel } from "./PasswordPanel";
import { SessionsPanel } from "./SessionsPanel";
import { SignOut } from "./SignOut";

export function MePage() {
  const { identity, live, doubt } = useHere();
  const me = identity.me.value;

  // Being signed out on another device is told here too.
  useEffect(() => {
    if (me) void live.start(doubt);
  }, [me?.id]);

  if (identity.ended.value) return null;
  if (!me) return <Nobody />;
  return (
    <>
      <NamePanel />
      {me.kind === "guest" ? <GuestPanel /> : <MemberPanels />}
      {me.roles.includes("admin") && (
        <a class="panel way" href="/admin/people">
          Manage people
        </a>
      )}
      <DataPanel />
      <SignOut />
    </>
  );
}

const MemberPanels = () => (
  <>
    <EmailPanel />
    <PasswordPanel />
    <SessionsPanel />
  </>
);

function NamePanel() {
  const { identity } = useHere();
  return (
    <section class="panel" aria-label="Name">
      <Form
        submit="Save the name"
        look="quiet"
        act={async (input) => {
          await identity.rename(input("name"));
          toast("Saved");
        }}
      >
        <Field
          label="Your name"
          name="name"
          autocomplete="nickname"
          defaultValue={identity.me.value?.name ?? ""}
        />
      </Form>
    </section>
  );
}

const GuestPanel = () => (
  <section class="panel">
    <h2>You are here as a guest</h2>
    <p>Keep your votes and questions, on all your devices.</p>
    <a class="strong" href="/register">
      Register
    </a>
    <a class="way" href="/sign-in">
      I have an account
    </a>
  </section>
);

const Nobody = () => (
  <section class="panel">
    <h2>You have not taken part yet</h2>
    <p>
      You can vote and ask without an account. With one, your votes and questions are yours on all your
      devices.
    </p>
    <a class="strong" href="/register">
      Register
    </a>
    <a class="way" href="/sign-in">
      I have an account
    </a>
  </section>
);
