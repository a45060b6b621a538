import { toast } from "../toasts";

export function Header({ code, title }: { code: string; title: string }) {
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
      </div>
    </header>
  );
}
