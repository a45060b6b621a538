import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findRabbitMq } from './rabbitmq-binaries.mjs';

const directory = mkdtempSync(join(tmpdir(), 'modular-rabbitmq-'));
after(() => rmSync(directory, { recursive: true }));

function scripts(name, ...names) {
  const bin = join(directory, name);
  mkdirSync(bin, { recursive: true });
  for (const script of names) {
    writeFileSync(join(bin, script), '#!/bin/sh\n');
    chmodSync(join(bin, script), 0o755);
  }
  return bin;
}
const whole = ['rabbitmq-server', 'rabbitmqctl', 'rabbitmq-env'];
const erlang = scripts('erlang', 'epmd');
const tarball = scripts('tarball', ...whole);
const packaged = scripts('packaged', ...whole, 'rabbitmq-script-wrapper');
const sbin = scripts('sbin');
for (const script of ['rabbitmq-server', 'rabbitmqctl']) symlinkSync('../packaged/rabbitmq-script-wrapper', join(sbin, script));

const nothing = () => [];
const find = (path, more = {}) => findRabbitMq(null, { env: { PATH: [...path, erlang].join(':') }, places: nothing, mayInstall: () => false, ...more });

test('MODULAR_RABBITMQ_BIN wins', async () => {
  const env = { MODULAR_RABBITMQ_BIN: tarball, PATH: `${sbin}:${erlang}` };
  assert.deepEqual(await findRabbitMq(null, { env }), { bin: tarball, epmd: join(erlang, 'epmd') });
});
test('a wrong MODULAR_RABBITMQ_BIN is refused with a sentence', () => assert.rejects(find([], { env: { MODULAR_RABBITMQ_BIN: '/nowhere' } }), /MODULAR_RABBITMQ_BIN/));
test('what is in PATH is taken', async () => assert.equal((await find([tarball])).bin, tarball));
test("a package's wrapper leads to what it wraps", async () => assert.equal((await find([sbin])).bin, packaged));
test('the usual places come after PATH', async () => {
  assert.equal((await find([tarball], { places: () => [packaged] })).bin, tarball);
  assert.equal((await find([], { places: () => [packaged] })).bin, packaged);
});
test('it is installed where that may be done', async () => {
  let installed = false;
  const found = await find([], { mayInstall: () => true, install: async () => (installed = true), places: () => (installed ? [packaged] : []) });
  assert.equal(found.bin, packaged);
});
test('elsewhere its absence is refused with a sentence', () => assert.rejects(find([]), /brew install rabbitmq/));
test('so is the absence of Erlang', () => assert.rejects(find([tarball], { env: { PATH: tarball } }), /no 'erl' in PATH/));
