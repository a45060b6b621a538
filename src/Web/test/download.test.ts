import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Http } from "../src/http";

/** A server whose file comes in these pieces, with a pause before each; an Error cuts the line, … says nothing more. */
function server(pauseMs: number, ...pieces: (string | Error)[]) {
  const left = [...pieces];
  return new Http(async (_, init) => {
    const body = new ReadableStream<Uint8Array>({
      start: (out) =>
        init?.signal?.addEventListener("abort", () => out.error(new DOMException("cut", "AbortError"))),
      pull: async (out) => {
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        const piece = left.shift();
        if (piece === "…") await new Promise(() => {});
        if (init?.signal?.aborted) return;
        if (piece === undefined) out.close();
        else if (piece instanceof Error) out.error(piece);
        else out.enqueue(new TextEncoder().encode(piece));
      },
    });
    return new Response(body, {
      headers: { "content-disposition": "attachment; filename=modular-2026-03-01.json" },
    });
  });
}

function downloading(http: Http) {
  const cancel = new AbortController();
  const arrived: number[] = [];
  const file = http.download("/file", { arrived: (bytes) => arrived.push(bytes), cancelled: cancel.signal });
  return { file: file.catch((error: unknown) => error), arrived, cancel };
}

describe("a download", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0, toFake: ["setTimeout", "clearTimeout", "Date"] }));
  afterEach(() => void vi.useRealTimers());

  test("may take longer than any answer, as long as something arrives, and says how much", async () => {
    const { file, arrived } = downloading(server(20_000, "one,", "two,", "three,", "four"));
    await vi.advanceTimersByTimeAsync(200_000);
    const { name, content } = (await file) as { name: string; content: Blob };
    expect([name, await content.text()]).toEqual(["modular-2026-03-01.json", "one,two,three,four"]);
    expect(arrived).toEqual([4, 8, 14, 18]);
  });

  test.each([
    ["unreachable", server(31_000, "one")],
    ["broken-off", server(10, "one", "…")],
  ])("on a line on which nothing comes any more is told as %s", async (type, http) => {
    const { file } = downloading(http);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(await file).toMatchObject({ type });
  });

  test("without an end is no file", async () => {
    const { file } = downloading(server(10, "one", new TypeError("network")));
    await vi.advanceTimersByTimeAsync(1000);
    expect(await file).toMatchObject({ type: "broken-off" });
  });

  test("that is refused says why in the server's words", async () => {
    const body = { type: "urn:modular:too-many-requests", title: "T", status: 429, detail: "Later, please." };
    const headers = { "content-type": "application/problem+json", "retry-after": "7" };
    const { file } = downloading(new Http(async () => Response.json(body, { status: 429, headers })));
    expect(await file).toMatchObject({ message: "Later, please.", status: 429, retryAfterMs: 7000 });
  });

  test("that is cancelled is neither a file nor a failure", async () => {
    const { file, cancel } = downloading(server(20_000, "one", "two"));
    await vi.advanceTimersByTimeAsync(25_000);
    cancel.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(await file).toBeNull();
  });
});
