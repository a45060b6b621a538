import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
const src = join(import.meta.dirname, "../src");
const shapes = join(root, "tests/Architecture.Tests/Shapes");

/** What the page takes each answer for. */
const answers = {
  "get /api/users/me": 'Got<"me">',
  "patch /api/users/me": 'Got<"rename">',
  "post /api/users/guests": 'Got<"makeGuest">',
  "post /api/users/register": '{ user: Did<"register"> }',
  "post /api/users/login": '{ user: Did<"login"> }',
  "post /api/users/forgot": '{ detail: Did<"mailReset"> }',
  "post /api/users/magic-link": '{ detail: Did<"mailMagicLink"> }',
  "post /api/users/reset": '{ user: Did<"reset"> }',
  "post /api/users/magic-link/accept": '{ user: Did<"acceptMagicLink"> }',
  "post /api/users/setup": '{ user: Did<"setUp"> }',
  "get /api/users": 'Did<"people">',
  "post /api/users/{id}/ban": 'Did<"ban">',
  "post /api/users/{id}/unban": 'Did<"ban">',
  "get /api/users/me/sessions": 'Did<"sessions">',
  "get /api/rooms/{idOrCode}": 'Got<"room">',
  "post /api/rooms/{idOrCode}/enter": 'Got<"enter">',
  "post /api/rooms/links/accept": 'Got<"acceptLink">',
  "get /api/questions": 'Got<"questions">',
  "post /api/questions": 'Got<"ask">',
  "put /api/questions/{id}/vote": 'Got<"vote">',
  "delete /api/questions/{id}/vote": 'Got<"vote">',
  "post /api/questions/{id}/answer": 'Got<"answer">',
  "post /api/questions/{id}/reopen": 'Got<"reopen">',
  "get /api/notifications/streams/{name}": 'Got<"stream">',
};

/** What the page sends. */
const requests = {
  "post /api/questions": "W.AskRequest",
  "post /api/users/guests": "{ name: string }",
  "patch /api/users/me": "{ name: string }",
  "post /api/users/register": "W.RegisterRequest",
  "post /api/users/login": "{ email: string; password: string }",
  "post /api/users/forgot": "{ email: string }",
  "post /api/users/magic-link": "{ email: string }",
  "post /api/users/setup": "W.RegisterRequest & { token: string }",
  "post /api/users/verify": "{ token: string }",
  "post /api/users/reset": "{ token: string; password: string }",
  "post /api/users/magic-link/accept": "{ token: string }",
  "put /api/users/me/password": "{ current?: string; password: string }",
  "post /api/rooms/links/accept": "{ token: string }",
};

// Lists of what has no stream share the schema, so it allows null; questions always have one.
const surely = { "get /api/questions": " & { stream: StreamPosition }" };

const events = {
  "question.voted": '{ id: string; votes: W.QuestionData["votes"] }',
  question: "W.QuestionData",
  room: "W.Room",
};

const openapi = JSON.parse(await readFile(join(root, "docs/openapi/v1.json"), "utf8"));

test("the page and the server speak of the same fields", async () => {
  expect(await complaints(await program(openapi))).toBe("");
});

test.each([
  ["votes", ({ QuestionView }) => Object.assign(QuestionView.properties.votes, { type: "string" })],
  ["pinned", ({ QuestionView }) => delete QuestionView.properties.pinned],
  ["clientId", ({ AskQuestionRequest }) => delete AskQuestionRequest.properties.clientId],
  ["frozen", ({ RoomState }) => RoomState.enum.push("frozen")],
])("the server changing %s alone is told", async (what, change) => {
  const other = structuredClone(openapi);
  change(other.components.schemas);
  expect(await complaints(await program(other))).toContain(what);
});

/** A TypeScript program that compiles if the page's types hold for the server's answers, requests and events. */
async function program({ components, paths }) {
  const operation = (name) => paths[name.split(" ")[1]][name.split(" ")[0]];
  const json = ({ content }) => type(content["application/json"].schema);
  const answer = (name) =>
    json(Object.entries(operation(name).responses).find(([status]) => status < 300)[1]);
  const lines = [
    `import type { Api } from "${join(src, "api")}";`,
    `import type * as W from "${join(src, "wire")}";`,
    "type Got<Call extends keyof Api> = NonNullable<Api[Call] extends (...args: never) => Promise<infer T> ? T : never>;",
    `import type { AccountApi } from "${join(src, "accountApi")}";`,
    "type Did<Call extends keyof AccountApi> = AccountApi[Call] extends (...args: never) => Promise<infer T> ? T : never;",
    "declare function sameFields<Page extends object, Server extends object>(unknown: Exclude<keyof Page, keyof Server> extends never ? [] : [Exclude<keyof Page, keyof Server>]): void;",
    ...Object.entries(components.schemas).map(([name, schema]) => `type ${name} = ${type(schema)};`),
  ];
  lines.push("((server: Problem): W.ProblemBody => server); // every refusal");
  for (const [name, page] of Object.entries(answers)) {
    const server = `(${answer(name)})${surely[name] ?? ""}`;
    lines.push(`((server: ${server}): ${page} => server); sameFields<${page}, ${server}>([]); // ${name}`);
  }
  for (const [name, page] of Object.entries(requests)) {
    const server = `NonNullable<${json(operation(name).requestBody)}>`;
    lines.push(`((page: ${page}): ${server} => page); sameFields<${page}, ${server}>([]); // ${name}`);
  }
  for (const file of (await readdir(shapes)).filter((name) => /^(question|room)\..*\.v1\.json$/.test(name))) {
    const event = file.replace(".v1.json", "");
    const data = (await readFile(join(shapes, file), "utf8")).replaceAll(/\s+/g, " ");
    lines.push(
      `((): ${events[event] ?? events[event.split(".")[0]]} => { const data = ${data} as const; return data; }); // ${event}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function type(schema) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.oneOf) return schema.oneOf.map(type).join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map((one) => type({ ...schema, type: one })).join(" | ");
  if (schema.type === "array") return `readonly (${type(schema.items)})[]`;
  if (schema.type === "object") return object(schema);
  if (schema.type === "integer") return "number";
  return schema.type ?? "any";
}

function object({ properties, additionalProperties, required = [] }) {
  if (!properties) return additionalProperties ? `Record<string, ${type(additionalProperties)}>` : "object";
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${name}${required.includes(name) ? "" : "?"}: ${type(schema)}`,
  );
  return `{ ${fields.join("; ")} }`;
}

/** What the compiler says of a program; empty when it has nothing to say. */
async function complaints(text) {
  const directory = await mkdtemp(join(tmpdir(), "wire-"));
  try {
    const file = join(directory, "wire.ts");
    await writeFile(file, text);
    const options =
      "--noEmit --ignoreConfig --strict --exactOptionalPropertyTypes --skipLibCheck --target es2022 --lib es2023,dom --module esnext --moduleResolution bundler --types";
    const tsc = join(import.meta.dirname, "../node_modules/typescript/bin/tsc");
    const run = promisify(execFile)(process.execPath, [tsc, ...options.split(" "), "", file], {
      cwd: directory,
    });
    return await run.then(
      () => "",
      ({ stdout, stderr, message }) => stdout + stderr || message, // the latter where it did not run
    );
  } finally {
    await rm(directory, { recursive: true });
  }
}
