import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ago } from "../../text";
import { toast } from "../../toasts";
import type { Session } from "../../wire";
import { clock } from "../clock";
import { carryOut, useHere } from "./here";

/** Where I am signed in; follows what happens on the other devices. */
export function SessionsPanel() {
  const here = useHere();
  const { account, live, identity } = here;
  const sessions = useSignal<readonly Session[]>([]);
  const me = identity.me.value?.id;

  const load = async () => {
    sessions.value = (await account.sessions()).items;
  };
  useEffect(() => {
    void carryOut(here, load);
    return live.follow({
      stream: `notifications/${me}`,
      numbered: false,
      snapshot: async () => {
        await load();
        return null;
      },
      apply: (events) => {
        if (events.some((event) => event.type.startsWith("session."))) void carryOut(here, load);
      },
      // The list stays as it is; it is loaded again with the page.
      closed: () => {},
    });
  }, [me]);

  const end = (one: Session) =>
    carryOut(here, async () => {
      await account.endSession(one.id);
      await load();
      toast(`Signed out: ${one.device}`);
    });
  const endOthers = () =>
    carryOut(here, async () => {
      await account.endOtherSessions();
      await load();
      toast("All other devices are signed out");
    });

  return (
    <section class="panel" aria-labelledby="sessions-title">
      <h2 id="sessions-title">Where you are signed in</h2>
      <ul class="rows">
        {sessions.value.map((one) => (
          <li class="row" key={one.id}>
            <Device one={one} />
            {one.current ? (
              <span class="chip">This device</span>
            ) : (
              <button
                type="button"
                class="quiet"
                aria-label={`Sign out: ${one.device}`}
                onClick={() => end(one)}
              >
                Sign out
              </button>
            )}
          </li>
        ))}
      </ul>
      {sessions.value.length > 1 && (
        <button type="button" class="quiet" onClick={endOthers}>
          Sign out everywhere else
        </button>
      )}
    </section>
  );
}

function Device({ one }: { one: Session }) {
  const now = Math.max(clock.value, Date.now());
  return (
    <p class="grow">
      {one.device}
      <span class="hint">
        Signed in {ago(one.createdAt, now)} · last here {ago(one.seenAt, now)}
      </span>
    </p>
  );
}
