import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDev } from './processes.mjs';
import { Refusal } from './refusal.mjs';

/** Holds `file` as a lock for as long as `life`; refuses while a living ./dev holds it. One left by a kill is taken over. */
export function oneAtATime(life, file, what, isOurs = isDev) {
  mkdirSync(dirname(file), { recursive: true });
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (holder !== process.pid && isOurs(holder)) throw new Refusal(`${what} already runs here (process ${holder}). Stop it first.`);
    rmSync(file, { force: true });
  }
  life.onEnd(() => rmSync(file, { force: true }));
}
