import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inClone, own } from './places.mjs';
import { step } from './steps.mjs';

const source = inClone('src/Web');
const built = inClone('src/Host/wwwroot/index.html');
const notSource = new Set(['node_modules', 'dist', 'coverage', 'test-results']);

export const hasWeb = () => existsSync(join(source, 'package.json'));

export const installWeb = (life) => installPackages(life, 'Web packages', source);

/** Installs a directory's npm packages when its lock file is another than last time. */
export async function installPackages(life, label, directory) {
  const stamp = join(directory, 'node_modules', '.installed');
  const lock = digest([join(directory, 'package-lock.json')]);
  if (read(stamp) === lock) return;
  await step(life, label, 'npm', ['ci', '--no-audit', '--no-fund'], { cwd: directory });
  writeFileSync(stamp, lock);
}

/** Builds the web app into the host's wwwroot when a source file changed since last time. */
export async function buildWeb(life) {
  if (!hasWeb()) {
    console.log('Web app: skipped, there is no src/Web/package.json');
    return;
  }
  await installWeb(life);
  const stamp = own('web.built');
  const sources = digest(filesIn(source));
  if (read(stamp) === sources && existsSync(built)) return;
  await step(life, 'Web app', 'npm', ['run', 'build'], { cwd: source });
  mkdirSync(own(), { recursive: true });
  writeFileSync(stamp, sources);
}

export const web = source;

function filesIn(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => !notSource.has(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(directory, entry.name)) : [join(directory, entry.name)]))
    .sort();
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : null);
