import { wayBack } from "../../ways";
import { useHere } from "./here";

export function SignedInAlready() {
  const { identity } = useHere();
  return (
    <section class="panel">
      <p>
        You are signed in as <b>{identity.me.value?.name}</b>.
      </p>
      <a class="way" href={wayBack()}>
        Go to the questions
      </a>
      <a class="way" href="/me">
        My account
      </a>
    </section>
  );
}
