import { describe, expect, test } from "vitest";
import { Api } from "../src/api";
import { Identity } from "../src/identity";

const person = (id: string, kind = "guest") => ({ id, name: id, kind, roles: [] });
const refusal = (type: string) =>
  Response.json(
    { type: `urn:modular:${type}`, title: "Unauthorized", status: 401 },
    { status: 401, headers: { "content-type": "application/problem+json" } },
  );

/** A browser whose server knows it as this; it may change its mind, also after its first answers. */
function browser(me: unknown) {
  const server = { me, first: [] as unknown[], guests: 0, told: 0, proofs: [] as string[] };
  const api = new Api(async (_, init) => {
    if (init?.method === "POST")
      return Response.json({ user: person(`guest ${++server.guests}`), accessToken: "token" });
    if (server.first.length > 0) return Response.json(server.first.shift());
    return server.me instanceof Response ? server.me.clone() : Response.json(server.me);
  });
  const identity = new Identity(
    api,
    () => void server.told++,
    (token) => void server.proofs.push(token),
  );
  return { server, identity };
}

describe("who this browser is", () => {
  test("nobody yet becomes a guest with the first act, and the other tabs and the live connection are told", async () => {
    const { server, identity } = browser(refusal("unauthenticated"));
    await identity.load();
    expect(identity.ended.value).toBe(false);
    await identity.ensure();
    expect(identity.me.value?.id).toBe("guest 1");
    expect([server.told, server.proofs]).toEqual([1, ["token"]]);
  });

  test("a session that had ended before the page came is told, and no new guest is made in its place", async () => {
    const { server, identity } = browser(refusal("session-ended"));
    await identity.load();
    expect(identity.ended.value).toBe(true);
    await expect(identity.ensure()).rejects.toThrow("Your session has ended");
    expect(server.guests).toBe(0);
  });

  test("a refusal of an act ends it as well, until the person goes on as a guest", async () => {
    const { server, identity } = browser(person("ann"));
    await identity.load();
    server.me = refusal("unauthenticated");
    expect(identity.refused(await new Api(async () => refusal("session-ended")).me().catch((e) => e))).toBe(
      true,
    );
    expect(identity.me.value).toBeNull();
    await expect(identity.ensure()).rejects.toThrow();
    identity.became(null);
    await identity.ensure();
    expect(identity.me.value?.id).toBe("guest 1");
    expect(server.guests).toBe(1);
  });

  test("a refusal that is none of the session's changes nothing", async () => {
    const { identity } = browser(person("ann"));
    await identity.load();
    expect(identity.refused(new Error("broken"))).toBe(false);
    expect(identity.me.value?.id).toBe("ann");
  });
});

describe("asked again after a doubt", () => {
  test.each(["unauthenticated", "session-ended"])("%s: somebody's session has ended", async (type) => {
    const { server, identity } = browser(person("ann"));
    await identity.load();
    server.me = refusal(type);
    expect(await identity.check()).toBe(true);
    expect(identity.ended.value).toBe(true);
  });

  test("nobody stays nobody", async () => {
    const { identity } = browser(refusal("unauthenticated"));
    expect(await identity.check()).toBe(true);
    expect(identity.ended.value).toBe(false);
  });

  test("a guest that another tab made is taken over", async () => {
    const { server, identity } = browser(refusal("unauthenticated"));
    await identity.load();
    server.me = person("guest of the other tab");
    expect(await identity.check()).toBe(true);
    await identity.ensure();
    expect(server.guests).toBe(0);
  });

  test("a guest made meanwhile is not taken away by an answer of before", async () => {
    const { server, identity } = browser(refusal("unauthenticated"));
    await identity.load();
    const checked = identity.check();
    await identity.ensure();
    expect(await checked).toBe(true);
    expect(identity.me.value?.id).toBe("guest 1");
    await identity.ensure();
    expect(server.guests).toBe(1);
  });

  test("of two answers about somebody the later one tells that it is somebody else", async () => {
    const { server, identity } = browser(person("bob"));
    await identity.load();
    server.first = [person("bob")];
    server.me = person("ann", "member");
    expect(await Promise.all([identity.check(), identity.check()])).toEqual([true, false]);
  });

  test("the end of a session is told to the other tabs once, who lose the cookie with this one", async () => {
    const { server, identity } = browser(person("bob"));
    await identity.load();
    server.me = refusal("session-ended");
    await identity.check();
    await identity.check();
    expect(server.told).toBe(1);
  });

  test("a new name is taken over", async () => {
    const { server, identity } = browser(person("ann"));
    await identity.load();
    server.me = { ...person("ann", "member"), name: "Ann B." };
    expect(await identity.check()).toBe(true);
    expect(identity.me.value?.name).toBe("Ann B.");
  });

  test.each([
    ["a guest", person("bob")],
    ["nobody", refusal("unauthenticated")],
    ["an ended session", refusal("session-ended")],
  ])("from %s to somebody else, the page is another one's now", async (_, before) => {
    const { server, identity } = browser(before);
    await identity.load();
    server.me = person("ann", "member");
    expect(await identity.check()).toBe(false);
  });
});
