import { describe, expect, test } from "vitest";
import { draftFor, forgetDrafts } from "../src/draft";
import { shelf } from "./shelf";

describe("draft", () => {
  test("survives the page, for its room only", () => {
    const kept = shelf();
    draftFor("ABC234", kept).value = "Half a ques";
    expect(draftFor("ABC234", kept).value).toBe("Half a ques");
    expect(draftFor("XYZ789", kept).value).toBe("");
  });

  test("leaves nothing behind when it was sent", () => {
    const kept = shelf();
    const draft = draftFor("ABC234", kept);
    draft.value = "Half a ques";
    draft.value = "";
    expect(kept.items.size).toBe(0);
  });

  test("goes with who leaves, and nothing else does", () => {
    const kept: Record<string, string> = {
      "draft ABC234": "Half a ques",
      "draft LOBBY": "Half",
      theme: "dark",
    };
    Object.defineProperty(kept, "removeItem", { value: (key: string) => delete kept[key] });
    const open = draftFor("ABC234", shelf());
    open.value = "Half a ques";
    forgetDrafts(kept as unknown as Storage);
    expect(kept).toEqual({ theme: "dark" });
    expect(open.value).toBe("");
  });

  test("is typed all the same where nothing can be kept", () => {
    const full = shelf();
    full.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    for (const kept of [full, null]) {
      const draft = draftFor("ABC234", kept);
      draft.value = "Half a ques";
      expect(draft.value).toBe("Half a ques");
    }
  });
});
