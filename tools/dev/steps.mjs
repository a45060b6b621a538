import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { own, root } from './places.mjs';
import { which } from './processes.mjs';
import { Refusal } from './refusal.mjs';

/**
 * Runs one long program and tells how it goes: a line at its begin and end, one every 15 s between. Its output goes to
 * .dev/logs; when it fails, begin and end of it to the terminal.
 */
export async function step(life, label, command, args, { cwd = root, env = process.env } = {}) {
  if (which(command, env.PATH) === null) throw new Refusal(`${label}: there is no '${command}' in PATH.`);
  const began = Date.now();
  const log = logFile(label);
  let output = '';
  console.log(`${label} ...`);
  const ticking = setInterval(() => console.log(`${label} ... ${seconds(began)}`), 15_000);
  try {
    const child = life.spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], stop: [['SIGTERM', 3_000], ['SIGKILL', 2_000]] });
    follow(child, (text) => {
      log.write(text);
      output += text;
    });
    const { code, signal, error } = await child.ended;
    await life.stop(child); // what it left behind in its group
    life.goOn(); // a build stopped by SIGTERM may exit 0
    if (code !== 0) {
      throw new Refusal(`${label} failed (${error?.message ?? signal ?? `exit code ${code}`}); the whole output is in ${log.path}.\n${shorten(output)}`);
    }
    console.log(`${label}: ${seconds(began)}`);
  } finally {
    clearInterval(ticking);
    log.end();
    await finished(log);
  }
}

/** Compilers say what matters last, npm first. */
export function shorten(output, first = 15, last = 40) {
  const lines = output.trimEnd().split('\n');
  const left = lines.length - first - last;
  return (left <= 0 ? lines : [...lines.slice(0, first), `... ${left} lines ...`, ...lines.slice(-last)]).join('\n');
}

/** Hands each piece of the child's output on, as text. */
export function follow(child, take) {
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', take);
}

export function logFile(label) {
  mkdirSync(own('logs'), { recursive: true });
  return createWriteStream(join(own('logs'), `${label.toLowerCase().replace(/[^a-z0-9.]+/g, '-')}.log`));
}

export const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
