import type { Identity } from "../identity";
import { Problem } from "../problem";

/** Signed out on another device, or banned, or long away: the person decides how to go on. */
export function SessionEnded({ identity }: { identity: Identity }) {
  const signIn = location.pathname === "/sign-in" ? null : <a href="/sign-in">Sign in</a>;
  const goOn = () => {
    identity.became(null);
    // Marks of what was mine are the other one's. What was not sent is kept; the page that comes sends what cannot have arrived.
    location.reload();
  };
  return (
    <div role="alert">
      {identity.ended.value && (
        <div class="banner banner-warn ended">
          <p>{Problem.sessionEnded().message}</p>
          {signIn}
          <button type="button" onClick={goOn}>
            Go on as a guest
          </button>
        </div>
      )}
    </div>
  );
}
