import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from './options.mjs';

const spec = { port: { type: 'number', default: 8080, min: 1, max: 65535 }, host: { type: 'string', default: '127.0.0.1' }, fresh: { type: 'boolean' } };
const refused = (args, pattern) => assert.throws(() => readOptions(args, spec), (error) => error.exitCode === 2 && pattern.test(error.message));

test('defaults hold where nothing is given', () => {
  assert.deepEqual({ ...readOptions([], spec).values }, { port: 8080, host: '127.0.0.1' });
});

test('both spellings of a value are read', () => {
  assert.equal(readOptions(['--port', '9000'], spec).values.port, 9000);
  assert.equal(readOptions(['--port=9000', '--fresh'], spec).values.port, 9000);
});

test('an unknown option is named', () => refused(['--prot', '1'], /'--prot'/));
test('a port that is none is refused', () => {
  for (const port of ['0', '65536', 'x', '-1', '1.5', '']) refused([`--port=${port}`], /whole number from 1 to 65535/);
});
test('a missing value is refused', () => refused(['--host'], /--host/));
test('a stray word is refused unless the command takes words', () => {
  refused(['word'], /'word'/);
  assert.deepEqual(readOptions(['word'], spec, { positionals: true }).positionals, ['word']);
});
