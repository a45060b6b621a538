import type { Signal } from "@preact/signals";
import type { LinkState } from "../linkState";
import type { RoomPage } from "../roomPage";

/** Stays in sight: whoever reads further down must know that what they see may be old. */
export function LinkBanner({ link }: { link: Signal<LinkState> }) {
  return (
    <div role="status">
      {link.value === "offline" && (
        <p class="banner banner-warn">No live connection. Trying again; what you see may be old.</p>
      )}
      {link.value === "back" && <p class="banner banner-good">Back online</p>}
    </div>
  );
}

export function Banners({ page, link }: { page: RoomPage; link: Signal<LinkState> }) {
  const state = page.room.value?.state;
  return (
    <div role="status">
      {page.phase.value === "unreachable" && link.value !== "offline" && (
        <p class="banner banner-warn">The server cannot be reached. Trying again.</p>
      )}
      {page.ended.value && <p class="banner banner-warn">Live updates have ended: {page.ended.value}</p>}
      {state === "paused" && (
        <p class="banner">The host has paused this room. You can read; asking and voting go on later.</p>
      )}
      {state === "closed" && <p class="banner">This room is closed. Its questions stay readable.</p>}
    </div>
  );
}
