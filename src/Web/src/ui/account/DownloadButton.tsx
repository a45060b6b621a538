import { useEffect, useRef, useState } from "preact/hooks";
import { megabytes } from "../../text";
import { carryOut, useHere } from "./here";

/** The browser would load a plain link by itself, and could not say why it was refused. */
export function DownloadButton() {
  const here = useHere();
  const [arrived, setArrived] = useState<number | null>(null);
  const cancel = useRef<AbortController | null>(null);
  useEffect(() => () => cancel.current?.abort(), []);
  const busy = arrived !== null;

  const download = async () => {
    if (cancel.current) return;
    cancel.current = new AbortController();
    setArrived(0);
    const progress = { arrived: setArrived, cancelled: cancel.current.signal };
    await carryOut(here, async () => {
      const file = await here.account.export(progress);
      if (file) save(file.name, file.content);
    });
    cancel.current = null;
    setArrived(null);
  };

  return (
    <div class="row download">
      {/* Not disabled: that would throw away the focus of whoever pressed it. */}
      <button type="button" class="quiet" aria-disabled={busy} onClick={download}>
        {busy ? `Downloading… ${megabytes(arrived)}` : "Download my data"}
      </button>
      {busy && (
        <button type="button" class="quiet" onClick={() => cancel.current?.abort()}>
          Cancel
        </button>
      )}
    </div>
  );
}

function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
