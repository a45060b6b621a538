import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Pages } from "../../pages";
import { toast } from "../../toasts";
import type { ManagedPerson } from "../../wire";
import { Confirm } from "./Confirm";
import { carryOut, load, useHere } from "./here";
import { PagesEnd } from "./PagesEnd";
import { PersonRow } from "./PersonRow";

const typingPauseMs = 300;

export function PeoplePage() {
  const { identity } = useHere();
  if (identity.ended.value) return null;
  if (identity.me.value?.roles.includes("admin")) return <People />;
  return (
    <section class="panel">
      <p>Only administrators manage people.</p>
      <a class="way" href="/sign-in">
        Sign in
      </a>
    </section>
  );
}

function People() {
  const here = useHere();
  const { account } = here;
  const typed = useRef("");
  const [search, setSearch] = useState("");
  const [doomed, doom] = useState<ManagedPerson | null>(null);
  const people = useMemo(
    () => new Pages<ManagedPerson>((after) => account.people(typed.current.trim(), after)),
    [account],
  );
  const items = people.items.value;

  useEffect(() => {
    const ask = () => {
      typed.current = search;
      void load(here, () => people.restart());
    };
    const timer = setTimeout(ask, items ? typingPauseMs : 0);
    return () => clearTimeout(timer);
  }, [search]);

  /** What is refused has often been done already, by another administrator, so the list is looked at again in any case. */
  const carryOutAndLook = async (act: () => Promise<void>) => {
    await carryOut(here, act);
    await load(here, () => people.reload());
  };

  const ban = (one: ManagedPerson) =>
    carryOutAndLook(async () => {
      const now = await account.ban(one.id, !one.bannedAt);
      people.replace(now, (other) => other.id === now.id);
      toast(now.bannedAt ? `${now.name} is banned` : `${now.name} may come back`);
    });
  const remove = (one: ManagedPerson) =>
    carryOutAndLook(async () => {
      doom(null);
      await account.deletePerson(one.id);
      toast(`${one.name} is deleted`);
    });
  return (
    <>
      <label class="field">
        <span>Search by name or e-mail</span>
        <input
          type="search"
          autocomplete="off"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </label>
      <p class="unseen" role="status">
        {items && `${items.length}${people.next.value ? " or more" : ""} found`}
      </p>
      {items?.length === 0 && <p class="panel">Nobody found.</p>}
      <ul class="people" aria-busy={!items && people.busy.value}>
        {items?.map((one) => (
          <PersonRow key={one.id} one={one} ban={() => ban(one)} remove={() => doom(one)} />
        ))}
      </ul>
      <PagesEnd pages={people} run={(act) => load(here, act)} />
      {doomed && (
        <Confirm title={`Delete ${doomed.name}?`} close={() => doom(null)}>
          <p>
            Their questions stay, without the name. All else that is theirs is deleted. This cannot be undone.
          </p>
          <button type="button" class="strong strong-danger" onClick={() => remove(doomed)}>
            Delete {doomed.name}
          </button>
        </Confirm>
      )}
    </>
  );
}
