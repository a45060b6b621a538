import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, isDev, statOf } from './processes.mjs';
import { Refusal } from './refusal.mjs';

/** What Postgres says of itself in postmaster.pid: `{ pid, status }`, or null when there is none. */
export function readLock(data) {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  return { pid: Number(lines[0]), status: (lines[7] ?? '').trim() };
}

/**
 * Clears the way for a server on `data`: waits for one that is stopping, removes the lock of one that died, and
 * refuses beside one that runs. Postgres itself only asks whether *some* process has the id in the lock, and after
 * a restart of the machine or container one often has.
 */
export async function takeOver(data, { what = 'Postgres', file = 'postmaster.pid', read = readLock, isServer = isServerOf, patience = 15_000 } = {}) {
  const deadline = Date.now() + patience;
  for (;;) {
    const lock = read(data);
    if (lock === null) return;
    if (!isServer(lock.pid, data)) {
      rmSync(join(data, file), { force: true });
      return;
    }
    // A server whose starter was killed is told so by the kernel and stops: that moment is not an error.
    if (Date.now() > deadline || !(lock.status === 'stopping' || isOrphan(lock.pid)))
      throw new Refusal(`${what} already runs on ${data} (process ${lock.pid}). Stop it first.`);
    await delay(50);
  }
}

/** True when the process is a server that works in `data`. */
export function isServerOf(pid, data) {
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  if (existsSync('/proc/self/cwd')) {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
    } catch (error) {
      if (error.code === 'ENOENT') return false;
      if (error.code !== 'EACCES') throw error;
      return false; // another user's process: not our server, which runs as us
    }
  }
  return /postgres|postmaster|beam/.test(spawnSync('ps', ['-p', String(pid), '-o', 'comm='], { encoding: 'utf8' }).stdout ?? '');
}

/** Its parent is no ./dev any more; where the parent cannot be seen, no. */
function isOrphan(pid) {
  const stat = statOf(pid);
  return stat !== null && !isDev(Number(stat[1]));
}
