import { expect, test } from "vitest";
import { newId } from "../src/ids";
import { codeOf } from "../src/roomPage";
import { ago, duration, lengthOf, megabytes, whyNot } from "../src/text";

test("an emoji counts as one character", () => {
  expect(lengthOf("Why? 🎉")).toBe(6);
  expect(whyNot("🎉".repeat(500))).toBeNull();
  expect(whyNot("🎉".repeat(501))).toBe("Body may have 500 characters, this one has 501");
});

test.each(["", "   \n\t", "\u200b\u200d\ufeff", "\u00a0 \u2060", "\u3164", "\u2800"])(
  "%j is an empty question",
  (body) => {
    expect(whyNot(body)).toBe("Body is required");
  },
);

test("white space around a question does not count", () => {
  expect(whyNot(`  ${"a".repeat(500)}\n`)).toBeNull();
});

test("time is told roughly, and never in the future", () => {
  const now = Date.parse("2026-05-01T12:00:00Z");
  expect(ago("2026-05-01T12:00:03Z", now)).toBe("just now");
  expect(ago("2026-05-01T11:57:10Z", now)).toBe("3 m ago");
  expect(ago("2026-05-01T09:58:00Z", now)).toBe("2 h ago");
});

test.each([
  ["/", "LOBBY"],
  ["/r/ab2 cd3", "AB2CD3"],
  ["/r/AB2CD3/", "AB2CD3"],
  ["/?room=ab2cd3", "AB2CD3"],
  ["/?room=", "LOBBY"],
  ["/r/%E0%A4%A", "%E0%A4%A"],
])("the address %s names the room %s", (address, code) => {
  expect(codeOf(new URL(address, "http://localhost"))).toBe(code);
});

test.each([
  [1, "1 s"],
  [59, "59 s"],
  [60, "1:00 min"],
  [125, "2:05 min"],
])("%i seconds are told as %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test("an id is a random UUID without a secure context too", () => {
  const secure = crypto.randomUUID;
  try {
    Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true, writable: true });
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newId()).not.toBe(newId());
  } finally {
    Object.defineProperty(crypto, "randomUUID", { value: secure, configurable: true, writable: true });
  }
});

test.each([
  [0, "0.0 MB"],
  [340_000, "0.3 MB"],
  [12_400_000, "12 MB"],
])("%i bytes are %s", (bytes, text) => {
  expect(megabytes(bytes)).toBe(text);
});
