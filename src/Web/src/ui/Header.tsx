import { toast } from "../toasts";
import type { Me } from "../wire";
import { PersonIcon } from "./icons";

interface Props {
  readonly code: string;
  readonly title: string;
  readonly me: Me | null;
  /** What the page must not be left before. */
  readonly settled: () => Promise<unknown> | null;
}

export function Header({ code, title, me, settled }: Props) {
  const leave = (event: MouseEvent & { currentTarget: HTMLAnchorElement }) => {
    const wait = settled();
    if (!wait) return;
    event.preventDefault();
    const { href } = event.currentTarget;
    void wait.then(() => location.assign(href));
  };
  const share = async () => {
    const url = new URL(code === "LOBBY" ? "/" : `/r/${code}`, location.href).href;
    if (matchMedia("(pointer: coarse)").matches && "share" in navigator)
      // Rejects when the person closes the sheet.
      return void navigator.share({ title, url }).catch(() => {});
    // Absent on plain http from another machine; then the address itself is what can be copied.
    if (!navigator.clipboard) return toast(url);
    await navigator.clipboard.writeText(url);
    toast("Link copied");
  };
  return (
    <header>
      <div class="header-row">
        <h1>{title}</h1>
        <button
          type="button"
          class="pill"
          aria-label={`#${code}, the code of this room. Share the link`}
          onClick={share}
        >
          #{code}
        </button>
        <a class="me" href="/me" onClick={leave} aria-label={me ? `Me: ${me.name}` : "Me"}>
          <PersonIcon />
          <span>{me?.name}</span>
        </a>
      </div>
    </header>
  );
}
