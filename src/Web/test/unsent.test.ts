import { expect, test } from "vitest";
import { forgetUnsent } from "../src/unsent";

test("what was not sent goes with who leaves, and nothing else does", () => {
  const kept: Record<string, string> = { "unsent LOBBY": "[]", "unsent ABC234": "[]", theme: "dark" };
  Object.defineProperty(kept, "removeItem", { value: (key: string) => delete kept[key] });
  forgetUnsent(kept as unknown as Storage);
  expect(kept).toEqual({ theme: "dark" });
});
