import { closeSync, existsSync, openSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './ports.mjs';
import { findPostgres } from './postgres-binaries.mjs';
import { readLock, takeOver } from './server-lock.mjs';
import { Refusal } from './refusal.mjs';
import { unprivileged } from './unprivileged.mjs';

/** SIGINT is Postgres's fast shutdown (SIGTERM would wait for every client), SIGQUIT the immediate one. */
const waysToStop = [['SIGINT', 30_000], ['SIGQUIT', 5_000], ['SIGKILL', 5_000]];

/**
 * Runs a private server for as long as `life`: loopback only, no password, no Unix socket, role and database
 * `modular`. Makes the data directory when it is not there, anew with `fresh`. Port 0 = a free one. Where it is not `durable`
 * it waits for no disk: a killed server loses nothing, a machine that goes down may lose all.
 * Answers `{ pid, port, connection, data, child }`; `connection` in Npgsql's key=value form.
 */
export async function startPostgres(life, { data, port = 0, fresh = false, durable = true }) {
  const as = unprivileged();
  const home = as.hold(resolve(data));
  const version = join(home, 'PG_VERSION');
  if (existsSync(version)) await takeOver(home);
  if (fresh && existsSync(version)) {
    rmSync(home, { recursive: true });
    as.hold(home);
  }
  const found = findPostgres({ major: existsSync(version) ? Number(readFileSync(version, 'utf8')) : undefined });
  const bin = as.enter(found.bin);
  if (!existsSync(version)) await initialise(life, as, bin, home);

  for (let attempt = 1; ; attempt++) {
    const chosen = port === 0 ? await freePort() : port;
    const started = await launch(life, as, bin, home, chosen, durable);
    if (started.failure === undefined)
      return { ...started, port: chosen, data: home, connection: `Host=127.0.0.1;Port=${chosen};Username=modular;Database=modular` };
    const { failure } = started;
    // A killed server's workers hold its shared memory until they notice that it is gone.
    // They hold its port, too, but for a moment; else it is somebody else's.
    const retry = /pre-existing shared memory block/.test(failure) ? attempt < 100 : /could not bind/.test(failure) && attempt < (port === 0 ? 3 : 20);
    if (!retry && /could not bind/.test(failure)) throw new Refusal(`Port ${chosen} on 127.0.0.1 is in use. Choose another one for Postgres.`);
    if (!retry) throw new Refusal(`Postgres did not start on ${home}:\n${failure}`);
    await delay(100);
  }
}

async function launch(life, as, bin, home, port, durable) {
  const path = join(home, 'server.log');
  const before = existsSync(path) ? statSync(path).size : 0;
  const log = openSync(path, before > 10_000_000 ? 'w' : 'a');
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 300, ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }) };
  const child = life.spawn(
    join(bin, 'postgres'),
    ['-D', home, '-p', String(port), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { prefix: as.prefix, deathSignal: 'SIGINT', stop: waysToStop, stdio: ['ignore', log, log], cwd: home },
  );
  closeSync(log);
  let over = null;
  child.ended.then((end) => (over = end));
  // The prefixes exec, so the child's id is the server's own, and a stale lock cannot be taken for this server's.
  for (; over === null; await delay(15)) {
    const lock = readLock(home);
    if (lock?.pid === child.pid && lock.status === 'ready') return { pid: child.pid, child };
  }
  return { failure: over.error?.message ?? readFileSync(path).subarray(before > 10_000_000 ? 0 : before).toString().trim() };
}

/** In a directory beside it and renamed when complete, so that a killed initialisation leaves nothing half-made. */
async function initialise(life, as, bin, home) {
  if (readdirSync(home).length > 0) throw new Refusal(`${home} holds something that is not a Postgres data directory.`);
  const half = `${home}.new-${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  as.hold(half);
  life.onEnd(() => rmSync(half, { recursive: true, force: true }));
  await once(life, as, join(bin, 'initdb'), ['-D', half, '--username=modular', '--encoding=UTF8', '--no-locale', '--auth=trust', '--no-instructions']);
  // Single-user mode, because npm's binaries come without createdb.
  await once(life, as, join(bin, 'postgres'), ['--single', '-D', half, 'postgres'], 'create database modular;\n');
  renameSync(half, home);
}

async function once(life, as, command, args, input) {
  const child = life.spawn(command, args, { prefix: as.prefix, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  child.stdin.on('error', () => {}); // it ended before reading; its exit code says so
  child.stdin.end(input);
  const { code, signal, error } = await child.ended;
  await life.stop(child);
  if (code !== 0) throw new Refusal(`${command} failed (${error?.message ?? signal ?? code}):\n${output.trim()}`);
}
