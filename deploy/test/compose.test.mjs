import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { hostFacts } from '../../k8s/test/host-facts.mjs';
import { inClone } from '../../tools/dev/places.mjs';
import { example, interpolate, project, variables, written } from './compose.mjs';
import { schemaErrors } from './schema.mjs';

const text = (path) => readFileSync(inClone(path), 'utf8');
const { Drain } = JSON.parse(text('src/Host/appsettings.json'));
const seconds = (time) => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
const facts = { ...hostFacts(), drain: seconds(Drain.Grace) + seconds(Drain.Window) };
const files = readdirSync(new URL('rules', import.meta.url)).filter((file) => file.endsWith('.mjs'));
const rules = await Promise.all(files.map(async (file) => [file.replace('.mjs', ''), await import(`./rules/${file}`)]));

for (const [rule, { about, violations, canaries }] of rules) {
  test(`${rule}: ${about}`, () => assert.deepEqual([...violations(project(), { ...facts, written: written() })], []));

  for (const [wrong, [says, make]] of Object.entries(canaries)) {
    test(`${rule} notices ${wrong}`, () => {
      const [made, source] = [structuredClone(project()), structuredClone(written())];
      make(made, source);
      const found = [...violations(made, { ...facts, written: source })];
      assert.ok(found.some((sentence) => sentence.includes(says)), `"${says}" is not in: ${found.join(', ')}`);
    });
  }
}

test('every rule is shown to fail', () => {
  assert.ok(rules.length >= 6);
  for (const [rule, { canaries }] of rules) assert.notEqual(Object.keys(canaries).length, 0, rule);
  assert.equal(facts.drain, 20);
});

test("the file is what the Compose specification's schema says", () => assert.deepEqual(schemaErrors(project()), []));

test('the schema notices a misspelt field, a condition that is none, and a time that is none', () => {
  const wrong = structuredClone(project());
  wrong.services.nginx.readonly = true;
  wrong.services.nginx.depends_on['replica-1'].condition = 'healthy';
  wrong.services.nginx.stop_grace_period = 'soon';
  const errors = schemaErrors(wrong).join('\n');
  for (const place of ['/services/nginx must NOT', '/services/nginx/depends_on', '/services/nginx/stop_grace_period']) assert.ok(errors.includes(place), errors);
});

test('what is not given is told with a sentence that names the example', () => {
  for (const name of Object.keys(example)) assert.throws(() => project({ ...example, [name]: '' }), new RegExp(`${name} is missing, see \\.env\\.example`));
  assert.equal(interpolate('${A:-b} ${C}', { C: 'd' }), 'b d');
});

test('the example and the README name every variable, and no other', () => {
  const asked = variables();
  const names = (required) => [...new Set(asked.filter((variable) => variable.required === required).map(({ name }) => name))].sort();
  const given = [...text('.env.example').matchAll(/^(?<optional>#?)(?<name>[A-Z_]+)=/gm)].map(({ groups }) => groups);
  assert.deepEqual(given.filter(({ optional }) => !optional).map(({ name }) => name).sort(), names(true));
  assert.deepEqual([...given.filter(({ optional }) => optional).map(({ name }) => name), 'MODULAR_VERSION'].sort(), names(false));
  assert.deepEqual(/^for name in (.+); do$/m.exec(text('README.md'))?.[1].split(' ').sort(), names(true));
});

test('secrets are never committed, nor sent to a build', () => {
  assert.match(text('.gitignore'), /^\.env$/m);
  assert.equal(text('.dockerignore').split('\n')[1], '*');
  assert.doesNotMatch(text('.dockerignore'), /!\.env$/m);
});
