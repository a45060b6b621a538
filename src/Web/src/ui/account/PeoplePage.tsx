import { useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { toast } from "../../toasts";
import type { ManagedPerson } from "../../wire";
import { Confirm } from "./Confirm";
import { carryOut, useHere } from "./here";
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
  const people = useSignal<readonly ManagedPerson[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [search, setSearch] = useState("");
  const [doomed, doom] = useState<ManagedPerson | null>(null);
  const latest = useRef(0);

  const load = (after: string | null) =>
    carryOut(here, async () => {
      const asked = ++latest.current;
      const page = await account.people(search.trim(), after);
      // What was typed meanwhile has its own answer.
      if (asked !== latest.current) return;
      people.value = after ? [...(people.value ?? []), ...page.items] : page.items;
      setNext(page.next);
    });
  useEffect(() => {
    const timer = setTimeout(() => load(null), people.value ? typingPauseMs : 0);
    return () => clearTimeout(timer);
  }, [search]);

  const ban = (one: ManagedPerson) =>
    carryOut(here, async () => {
      const now = await account.ban(one.id, !one.bannedAt);
      people.value = people.value?.map((other) => (other.id === now.id ? now : other)) ?? null;
      toast(now.bannedAt ? `${now.name} is banned` : `${now.name} may come back`);
    });
  const remove = (one: ManagedPerson) =>
    carryOut(here, async () => {
      doom(null);
      await account.deletePerson(one.id);
      people.value = people.value?.filter((other) => other.id !== one.id) ?? null;
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
        {people.value && `${people.value.length}${next ? " or more" : ""} found`}
      </p>
      {people.value?.length === 0 && <p class="panel">Nobody found.</p>}
      <ul class="people" aria-busy={people.value === null}>
        {people.value?.map((one) => (
          <PersonRow key={one.id} one={one} ban={() => ban(one)} remove={() => doom(one)} />
        ))}
      </ul>
      {next && (
        <button type="button" class="quiet" onClick={() => load(next)}>
          Show more
        </button>
      )}
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
