import { existsSync } from 'node:fs';
import { aptInstall, hasApt } from './apt.mjs';
import { which } from './processes.mjs';
import { Refusal } from './refusal.mjs';

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
  if (!hasApt()) throw new Refusal('The browser tests need Chromium or Chrome: install one, or set CHROME_PATH to it.');
  await aptInstall(life, 'Chromium', 'chromium');
  return which('chromium') ?? undefined;
}
