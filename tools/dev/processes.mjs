import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** True while a process with this id runs, whoever owns it; one that ended and only waits for its parent does not. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    if (error.code !== 'EPERM') throw error;
  }
  return statOf(pid)?.[0] !== 'Z';
}

/** True for a running ./dev: an id that was written down may be another program's by now. */
export function isDev(pid) {
  if (!(pid > 0) || !isAlive(pid)) return false;
  if (!existsSync('/proc/self/cmdline')) return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('tools/dev/main.mjs');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Sends a signal to a process, or to its group with a negative id; one that has just ended is no error. */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Ids of everything that descends from `pid`. /proc where there is one: slim images have no `ps`. */
export function descendants(pid) {
  const parents = existsSync('/proc/self/stat') ? fromProc() : fromPs();
  const found = [];
  for (let next = [pid]; next.length > 0; ) {
    next = parents.filter(([, parent]) => next.includes(parent)).map(([child]) => child);
    found.push(...next);
  }
  return found;
}

function fromProc() {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    const stat = statOf(pid);
    return stat === null ? [] : [[Number(pid), Number(stat[1])]];
  });
}

/** Linux: state, parent, ... of a process; null where it has just ended or there is no /proc. */
export function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name stands in parentheses and may hold anything, so fields count from the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return null;
    throw error;
  }
}

function fromPs() {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return (stdout ?? '').trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
}

let deathSignals;

/**
 * Prefix that makes Linux send `name` to the program when this process dies, however it dies. Empty where that
 * does not exist. Survives exec, not a change of user, so it goes last in a chain of prefixes.
 */
export function withDeathSignal(name) {
  deathSignals ??= process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'INT', 'true']).status === 0;
  return deathSignals ? ['setpriv', '--pdeathsig', name] : [];
}

/** Path of an executable in PATH, or null. */
export function which(name, path = process.env.PATH ?? '') {
  const directory = path.split(':').find((entry) => entry !== '' && existsSync(`${entry}/${name}`));
  return directory === undefined ? null : `${directory}/${name}`;
}
