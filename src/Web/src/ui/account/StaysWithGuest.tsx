import { useHere } from "./here";

/** Signing in makes this browser somebody else; what the guest did is not moved. */
export function StaysWithGuest() {
  const me = useHere().identity.me.value;
  if (me?.kind !== "guest") return null;
  return (
    <div class="banner">
      <p>
        You are here as the guest <b>{me.name}</b>. Its questions and votes stay with it when you sign in.
      </p>
      <a class="way" href="/register">
        Keep them: register instead
      </a>
    </div>
  );
}
