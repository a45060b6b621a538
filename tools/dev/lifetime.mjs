import { spawn } from 'node:child_process';
import { descendants, isAlive, signal, withDeathSignal } from './processes.mjs';
import { Refusal } from './refusal.mjs';

/**
 * Owns every process of one command. Whatever ends the command (its own end, an error, Ctrl-C, SIGTERM) ends them
 * too, the youngest first. Each child leads its own process group, so that Ctrl-C in the terminal reaches only this
 * process and the order of stopping is ours: a database that hears it first takes the host down with an error.
 */
export class Lifetime {
  #ends = [];
  #ended = false;
  #hurry;
  #hurried = new Promise((resolve) => (this.#hurry = resolve));

  /** Starts a program; throws when the command is already ending. `how.stop` overrides the way to stop it. */
  spawn(command, args, { stop, prefix = [], deathSignal = 'SIGTERM', ...options } = {}) {
    this.goOn();
    const [program, ...rest] = [...prefix, ...withDeathSignal(deathSignal.slice(3)), command, ...args];
    const child = spawn(program, rest, { stdio: 'ignore', ...options, detached: true });
    child.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: null, signal: null, error }));
      // 'close' comes after the last output, but never while a grandchild holds the pipe.
      child.once('exit', (code, name) => {
        const end = () => resolve({ code, signal: name });
        child.once('close', end);
        setTimeout(end, 500);
      });
    });
    this.#ends.push(() => this.stop(child, stop));
    return child;
  }

  /** Throws when the command is already ending. */
  goOn() {
    if (this.#ended) throw new Refusal('stopping');
  }

  /** Runs `end` when the command ends, before what was registered earlier. */
  onEnd(end) {
    this.#ends.push(end);
  }

  /** Stops a child and all that descends from it: the signals of `ways` in turn, each with its time in ms. */
  async stop(child, ways = [['SIGTERM', 10_000], ['SIGKILL', 5_000]]) {
    if (child.pid === undefined || child.swept) return;
    const tree = descendants(child.pid);
    for (const [name, patience] of ways) {
      if (child.exitCode !== null || child.signalCode !== null) break;
      signal(child.pid, name);
      await this.#settled(child.ended, patience);
    }
    for (const pid of [...tree, ...descendants(child.pid)]) if (isAlive(pid)) signal(pid, 'SIGKILL');
    signal(-child.pid, 'SIGKILL');
    child.swept = true; // from now on its id may be another's
  }

  /** A second Ctrl-C: no more patience with anyone. */
  hurry() {
    this.#hurry();
  }

  async end() {
    this.#ended = true;
    for (let end = this.#ends.pop(); end !== undefined; end = this.#ends.pop()) await end();
  }

  async #settled(promise, patience) {
    let timer;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, patience)));
    await Promise.race([promise, late, this.#hurried]);
    clearTimeout(timer);
  }
}

/**
 * Runs `work(life)` and answers the exit code: what work answers, or `whenAsked` when Ctrl-C or SIGTERM came first.
 * Nothing that was started through `life` runs any more when it answers.
 */
export async function live(work, { whenAsked = 0 } = {}) {
  const life = new Lifetime();
  const asked = new Promise((resolve) => {
    let before = 0;
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.on(name, () => (before++ === 0 ? resolve(whenAsked) : life.hurry()));
  });
  try {
    return await Promise.race([work(life), asked]);
  } finally {
    await life.end();
  }
}
