import { useEffect, useMemo } from "preact/hooks";
import { Pages } from "../../pages";
import { ago } from "../../text";
import { toast } from "../../toasts";
import type { Session } from "../../wire";
import { clock } from "../clock";
import { carryOut, load, useHere } from "./here";
import { PagesEnd } from "./PagesEnd";

/** Where I am signed in; follows what happens on the other devices. */
export function SessionsPanel() {
  const here = useHere();
  const { account, live, identity } = here;
  const sessions = useMemo(() => new Pages<Session>((after) => account.sessions(after)), [account]);
  const me = identity.me.value?.id;

  useEffect(() => {
    void load(here, () => sessions.reload());
    return live.follow({
      stream: `notifications/${me}`,
      numbered: false,
      snapshot: async () => {
        await sessions.reload();
        return null;
      },
      apply: (events) => {
        if (events.some((event) => event.type.startsWith("session.")))
          void load(here, () => sessions.reload());
      },
      // The list stays as it is; it is loaded again with the page.
      closed: () => {},
    });
  }, [me]);

  /** What is refused has often ended already, so the list is looked at again in any case. */
  const carryOutAndLook = async (act: () => Promise<void>) => {
    await carryOut(here, act);
    await load(here, () => sessions.reload());
  };
  const end = (one: Session) =>
    carryOutAndLook(async () => {
      await account.endSession(one.id);
      toast(`Signed out: ${one.device}`);
    });
  const endOthers = () =>
    carryOutAndLook(async () => {
      await account.endOtherSessions();
      toast("All other devices are signed out");
    });
  const items = sessions.items.value;

  return (
    <section class="panel" aria-labelledby="sessions-title">
      <h2 id="sessions-title">Where you are signed in</h2>
      {!items && !sessions.problem.value && (
        <p class="hint" aria-busy="true">
          Loading…
        </p>
      )}
      {items && (
        <ul class="rows">
          {items.map((one) => (
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
      )}
      <PagesEnd pages={sessions} run={(act) => load(here, act)} />
      {items && items.length > 1 && (
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
