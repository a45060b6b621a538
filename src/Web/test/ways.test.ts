import { expect, test } from "vitest";
import { rememberRoom, secretIn, wayBack } from "../src/ways";
import { shelf } from "./shelf";

test.each([
  ["http://x/r/ABC234", "/r/ABC234"],
  ["http://x/r/ABC234#token=s3cret", "/r/ABC234"],
  ["http://x/?room=ABC234", "/?room=ABC234"],
  ["http://x/", "/"],
])("the way back from %s is %s", (from, back) => {
  const kept = shelf();
  rememberRoom(new URL(from), kept);
  expect(wayBack(kept)).toBe(back);
});

test.each([
  null,
  "//evil.example",
  "/\\evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "/r/../x",
])("%s leads to the lobby", (text) => {
  const kept = shelf();
  if (text) kept.setItem("room", text);
  expect(wayBack(kept)).toBe("/");
});

test.each([
  ["http://x/r/ABC234#host=s3cret", "host", "s3cret"],
  ["http://x/reset#token=s3cret", "token", "s3cret"],
  ["http://x/reset#token=", "token", null],
  ["http://x/reset?token=s3cret", "token", null],
  ["http://x/r/ABC234#questions", "host", null],
] as const)("%s carries as its %s %s", (address, name, secret) => {
  expect(secretIn(new URL(address), name)).toBe(secret);
});
