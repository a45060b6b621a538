import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lifetime } from './lifetime.mjs';
import { shorten, step } from './steps.mjs';

test('long output keeps its begin and its end', () => {
  const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`).join('\n');
  assert.equal(shorten(lines, 1, 2), 'line 0\n... 97 lines ...\nline 98\nline 99');
  assert.equal(shorten('a\nb\n', 1, 1), 'a\nb');
});

test('a step that fails says what the program said', async () => {
  await assert.rejects(step(new Lifetime(), 'own test', 'sh', ['-c', 'echo it broke; exit 3']), /own test failed \(exit code 3\).*it broke/s);
});

test('a program that is not there is a sentence', async () => {
  await assert.rejects(step(new Lifetime(), 'own test', 'no-such-program', []), /there is no 'no-such-program' in PATH/);
});
