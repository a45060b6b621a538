import { Problem } from "./problem";

export interface Progress {
  /** Called with the number of bytes that have arrived, again and again. */
  readonly arrived: (bytes: number) => void;
  /** The person thought better of it. */
  readonly cancelled: AbortSignal;
}

export interface Download {
  readonly name: string;
  readonly content: Blob;
}

// As long as something arrives, however slowly, it may take hours. A line on which nothing does is dead.
const silenceMs = 30_000;

/**
 * Reads a file of any size into the browser's own store, which keeps it outside of the page's memory.
 * Rejects with a `Problem`, also where the end is missing; answers null where it was cancelled.
 */
export async function download(
  fetcher: typeof fetch,
  path: string,
  { arrived, cancelled }: Progress,
): Promise<Download | null> {
  const line = new AbortController();
  const cut = () => line.abort();
  let silence = setTimeout(cut, silenceMs);
  cancelled.addEventListener("abort", cut);
  let bytes = 0;
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, out) {
      clearTimeout(silence);
      silence = setTimeout(cut, silenceMs);
      bytes += chunk.byteLength;
      arrived(bytes);
      out.enqueue(chunk);
    },
  });
  try {
    const response = await fetcher(path, { headers: { accept: "application/json" }, signal: line.signal });
    if (!response.ok) throw await Problem.from(response);
    const content = await new Response(response.body?.pipeThrough(counted) ?? null).blob();
    return { name: nameOf(response.headers), content };
  } catch (error) {
    if (cancelled.aborted) return null;
    if (error instanceof Problem) throw error;
    throw bytes > 0 ? Problem.brokenOff() : Problem.unreachable();
  } finally {
    clearTimeout(silence);
    cancelled.removeEventListener("abort", cut);
  }
}

const nameOf = (headers: Headers): string =>
  /filename="?([\w.-]+)/.exec(headers.get("content-disposition") ?? "")?.[1] ?? "my-data.json";
