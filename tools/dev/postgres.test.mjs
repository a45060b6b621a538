import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findPostgres } from './postgres-binaries.mjs';
import { readLock, takeOver } from './server-lock.mjs';
import { unprivileged } from './unprivileged.mjs';

const directory = mkdtempSync(join(tmpdir(), 'modular-postgres-'));
after(() => rmSync(directory, { recursive: true }));

function binaries(name, version) {
  const bin = join(directory, name);
  mkdirSync(bin, { recursive: true });
  for (const program of ['postgres', 'initdb']) {
    writeFileSync(join(bin, program), `#!/bin/sh\necho "${program} (PostgreSQL) ${version}"\n`);
    chmodSync(join(bin, program), 0o755);
  }
  return bin;
}
const old = binaries('old', '14.9');
const fifteen = binaries('fifteen', '15.18 (Debian 15.18-0+deb12u1)');
const seventeen = binaries('seventeen', '17.1');
const install = () => 'from npm';
const find = (env, places, more = {}) => findPostgres({ env, places, install, ...more }).bin;

test('MODULAR_PG_BIN wins', () => assert.equal(find({ MODULAR_PG_BIN: seventeen, PATH: fifteen }, []), seventeen));
test('PATH comes before the usual places', () => assert.equal(find({ PATH: `/nowhere:${fifteen}` }, [seventeen]), fifteen));
test('too old a version is passed over', () => assert.equal(find({ PATH: old }, [fifteen]), fifteen));
test('with none on the machine, it comes from npm', () => assert.equal(find({ PATH: old }, []), 'from npm'));
test('MODULAR_PG=npm asks for that', () => assert.equal(find({ MODULAR_PG: 'npm', PATH: fifteen }, [seventeen]), 'from npm'));
test('data of one version is opened by that version', () => assert.equal(find({ PATH: fifteen }, [seventeen], { major: 17 }), seventeen));
test('data of an absent version is refused with a sentence', () => {
  assert.throws(() => find({ PATH: fifteen }, [], { major: 16 }), /made by Postgres 16/);
  assert.throws(() => find({ MODULAR_PG_BIN: fifteen }, [], { major: 16 }), /made by Postgres 16/);
});
test('a wrong MODULAR_PG_BIN is refused with a sentence', () => assert.throws(() => find({ MODULAR_PG_BIN: '/nowhere' }, []), /MODULAR_PG_BIN/));

function dataWithLock(pid, status = 'ready   ') {
  const data = mkdtempSync(join(directory, 'data-'));
  writeFileSync(join(data, 'postmaster.pid'), `${pid}\n${data}\n1\n5432\n\n127.0.0.1\n1 2\n${status}\n`);
  return data;
}

test('the lock tells who runs and how', () => assert.deepEqual(readLock(dataWithLock(42)), { pid: 42, status: 'ready' }));

test('the lock of a killed server is removed', async () => {
  const child = spawn('true');
  await new Promise((resolve) => child.once('exit', resolve));
  const data = dataWithLock(child.pid);
  await takeOver(data);
  assert.ok(!existsSync(join(data, 'postmaster.pid')));
});

test('so is one whose process id another program has now', async () => {
  const data = dataWithLock(process.pid);
  await takeOver(data);
  assert.ok(!existsSync(join(data, 'postmaster.pid')));
});

test('a running server is left alone, with a sentence', async () => {
  await assert.rejects(takeOver(dataWithLock(process.pid), { isServer: () => true, patience: 100 }), /already runs/);
});

test('a stopping server is waited for', async () => {
  const data = dataWithLock(process.pid, 'stopping');
  const waiting = takeOver(data, { isServer: () => true });
  rmSync(join(data, 'postmaster.pid'));
  await waiting;
});

const passwd = new Map([['nobody', { uid: 65534, gid: 65534 }]]);
test('a normal user needs no prefix', () => assert.deepEqual(unprivileged({ uid: 1000, passwd }).prefix, []));
test('root runs in a user namespace', () => {
  assert.deepEqual(unprivileged({ uid: 0, passwd, works: () => true }).prefix, ['unshare', '--user', '--map-user=65534', '--']);
});
test('where there is none, as another user', () => {
  assert.equal(unprivileged({ uid: 0, passwd, works: ([command]) => command === 'setpriv' }).prefix[0], 'setpriv');
});
test('where neither works, root is refused with a sentence', () => {
  assert.throws(() => unprivileged({ uid: 0, passwd, works: () => false }), /refuses to run as root/);
});
