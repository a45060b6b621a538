import type { ManagedPerson } from "../../wire";
import { useHere } from "./here";

interface Props {
  readonly one: ManagedPerson;
  readonly ban: () => void;
  readonly remove: () => void;
}

export function PersonRow({ one, ban, remove }: Props) {
  const isMe = useHere().identity.me.value?.id === one.id;
  const since = new Date(one.createdAt).toLocaleDateString(undefined, { dateStyle: "medium" });
  return (
    <li class="panel">
      <div>
        <p class="row">
          <b class="grow">{one.name}</b>
          {one.bannedAt && <span class="chip chip-danger">Banned</span>}
          {one.roles.includes("admin") && <span class="chip chip-strong">Admin</span>}
          {isMe ? (
            <span class="chip">You</span>
          ) : (
            <span class="chip">{one.kind === "guest" ? "Guest" : "Member"}</span>
          )}
        </p>
        <p class="hint">
          {one.email && `${one.email}${one.emailVerified ? "" : " (not confirmed)"} · `}since {since}
        </p>
      </div>
      {!isMe && (
        <p class="row">
          <button
            type="button"
            class="quiet"
            aria-label={`${one.bannedAt ? "Unban" : "Ban"} ${one.name}`}
            onClick={ban}
          >
            {one.bannedAt ? "Unban" : "Ban"}
          </button>
          <button type="button" class="quiet quiet-danger" aria-label={`Delete ${one.name}`} onClick={remove}>
            Delete
          </button>
        </p>
      )}
    </li>
  );
}
