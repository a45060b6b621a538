import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { hostFacts } from './host-facts.mjs';
import { everything } from './render.mjs';

const facts = hostFacts();
const rendered = everything();
const whole = rendered.find(([name]) => name === 'overlays/local')[1];
const files = readdirSync(new URL('rules', import.meta.url)).filter((file) => file.endsWith('.mjs'));
const rules = await Promise.all(files.map(async (file) => [file.replace('.mjs', ''), await import(`./rules/${file}`)]));

for (const [name, objects] of rendered) {
  for (const [rule, { about, violations }] of rules) {
    test(`${name}, ${rule}: ${about}`, () => assert.deepEqual([...violations(objects, facts)], []));
  }
}

for (const [rule, { canaries, violations }] of rules) {
  for (const [wrong, [says, make]] of Object.entries(canaries)) {
    test(`${rule} notices ${wrong}`, () => {
      const objects = structuredClone(whole);
      make(objects);
      const found = [...violations(objects, facts)];
      assert.ok(found.some((sentence) => sentence.includes(says)), `"${says}" is not in: ${found.join(', ')}`);
    });
  }
}

test('every rule is shown to fail', () => {
  assert.ok(rules.length >= 12);
  for (const [rule, { canaries }] of rules) assert.notEqual(Object.keys(canaries).length, 0, rule);
});

test('what the rules know of the host was found in its code', () => {
  assert.ok(facts.settings.size >= 15);
  assert.deepEqual(Object.keys(facts.health).sort(), ['live', 'ready', 'started']);
  assert.ok(facts.commands.includes('serve') && facts.commands.includes('migrate'));
  assert.ok(facts.modules >= 4);
});
