import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { which } from './processes.mjs';
import { Refusal } from './refusal.mjs';
import { step } from './steps.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const places = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/** Path of a Chromium or Chrome: CHROME_PATH, one that is installed, or, as root on Debian, one from apt. */
export async function findChromium(life, { env = process.env } = {}) {
  if (env.CHROME_PATH) {
    if (existsSync(env.CHROME_PATH)) return env.CHROME_PATH;
    throw new Refusal(`CHROME_PATH is ${env.CHROME_PATH}, which does not exist.`);
  }
  const found = names.map((name) => which(name, env.PATH)).find(Boolean) ?? places.find((path) => existsSync(path));
  if (found) return found;
  if (process.getuid?.() !== 0 || which('apt-get') === null)
    throw new Refusal('The browser tests need Chromium or Chrome: install one, or set CHROME_PATH to it.');
  await install(life);
  return which('chromium') ?? undefined;
}

async function install(life) {
  // No package may start a service on a developer's machine because a test wants a browser.
  const guard = '/usr/sbin/policy-rc.d';
  if (!existsSync(guard)) {
    writeFileSync(guard, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    life.onEnd(() => rmSync(guard, { force: true }));
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step(life, 'Package lists', 'apt-get', ['update'], { env });
  await step(life, 'Chromium', 'apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env });
}
