import { signal } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { linkState } from "../src/linkState";

describe("what is told of the connection", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("a connection that is away for less than five seconds is no news", () => {
    const connected = signal(true);
    const state = linkState(connected);
    connected.value = false;
    vi.advanceTimersByTime(4999);
    expect(state.value).toBe("fine");
    connected.value = true;
    vi.advanceTimersByTime(10_000);
    expect(state.value).toBe("fine");
  });

  test("one that is away for longer is missed, and its return is told for a moment", () => {
    const connected = signal(true);
    const state = linkState(connected);
    connected.value = false;
    vi.advanceTimersByTime(5000);
    expect(state.value).toBe("offline");
    connected.value = true;
    expect(state.value).toBe("back");
    vi.advanceTimersByTime(3000);
    expect(state.value).toBe("fine");
  });
});
