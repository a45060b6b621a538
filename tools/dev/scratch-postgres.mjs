import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dotnetEnv } from './dotnet.mjs';
import { inClone, own } from './places.mjs';
import { startPostgres } from './postgres.mjs';
import { isDev } from './processes.mjs';

/**
 * A server with empty data for tests and measurements, gone with `life`; fsync stays on, because what they are about
 * is what a commit costs and keeps. Answers the environment that .NET programs find it by.
 */
export async function scratchPostgres(life) {
  const all = own('scratch');
  const left = existsSync(all) ? readdirSync(all).filter((name) => !isDev(Number.parseInt(name, 10))) : [];
  for (const name of left) rmSync(own('scratch', name), { recursive: true, force: true });

  let data = own('scratch', String(process.pid));
  life.onEnd(() => rmSync(data, { recursive: true, force: true }));
  const postgres = await startPostgres(life, { data, fresh: true });
  data = postgres.data; // where another user's server had to go elsewhere
  return { ...dotnetEnv, MODULAR_DEV: inClone('dev'), MODULAR_TEST_POSTGRES: postgres.connection };
}
