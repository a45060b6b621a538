import { setTimeout as delay } from 'node:timers/promises';
import { built } from './dotnet.mjs';
import { inClone } from './places.mjs';
import { Refusal } from './refusal.mjs';
import { follow } from './steps.mjs';

// One that has ended is told at once; this is for one that is busy, with the migration of many modules on a small machine.
const timeToBeReady = 180_000;

/** Drain:Grace and Drain:Window are 0 in development, so most of it is for requests in flight. */
export const waysToStop = [['SIGTERM', 20_000], ['SIGKILL', 5_000]];

/** Starts the built host; with a `label`, each line it prints begins with it. Our environment wins over `unlessGiven`. */
export function serve(life, { port, host, configuration, settings, unlessGiven, label }) {
  const program = built('src/Host/Host.csproj', configuration, 'host');
  if (program === null) throw new Refusal('The build of src/Host made no host.dll.');
  const child = life.spawn('dotnet', [program, 'serve'], {
    cwd: inClone('src/Host'), // its content root: appsettings.json and wwwroot
    env: { ...unlessGiven, ...process.env, ASPNETCORE_URLS: url(host, port), ASPNETCORE_ENVIRONMENT: 'Development', ...settings },
    stdio: ['ignore', ...(label ? ['pipe', 'pipe'] : ['inherit', 'inherit'])],
    stop: waysToStop,
  });
  if (label) follow(child, labelled(label));
  return child;
}

/** Waits until `probe` answers 200; refuses when it takes too long, and when `ended`, which answers only then, answers. */
export async function isReady(probe, ended) {
  const deadline = Date.now() + timeToBeReady;
  ended.catch(() => {}); // raced below
  while (!(await Promise.race([answersOk(probe), ended]))) {
    if (Date.now() > deadline) throw new Refusal(`It runs, but ${probe} did not answer 200 in ${timeToBeReady / 1000} s.`);
    await Promise.race([delay(100), ended]);
  }
}

async function answersOk(probe) {
  try {
    const response = await fetch(probe, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false; // not listening yet
  }
}

export async function diedOf(who, child) {
  throw new Refusal(`${who} ended by itself (${howItEnded(await child.ended)}).`);
}

export const howItEnded = ({ code, signal, error }) => error?.message ?? signal ?? `exit code ${code}`;

export const url = (host, port) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** A child's pieces of output, to whole lines with its name. */
function labelled(label) {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) console.log(`${label} ${line}`);
  };
}
