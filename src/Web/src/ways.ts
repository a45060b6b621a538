import { put, shelf } from "./shelf";

const key = "room";

/** Keeps which room this browser was in last: where a link from a mail and every other page leads back to. */
export function rememberRoom(url: URL, kept: Storage | null = shelf("localStorage")): void {
  put(kept, key, url.pathname + url.search);
}

/** The room's address, or the lobby's. Never another site's, whatever is kept. */
export function wayBack(kept: Storage | null = shelf("localStorage")): string {
  const way = kept?.getItem(key) ?? "";
  return /^\/(r\/[A-Za-z0-9]+)?(\?[^#]*)?$/.test(way) ? way : "/";
}

/** What a link carries behind its #, so that it is in no server's log. */
export function secretIn(url: URL, name: "host" | "token"): string | null {
  return new URLSearchParams(url.hash.slice(1)).get(name) || null;
}
