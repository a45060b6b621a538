import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dotnetEnv } from './dotnet.mjs';
import { inClone } from './places.mjs';
import { startPostgres } from './postgres.mjs';

/**
 * A server with empty data for tests and measurements, gone with `life`; fsync stays on, because what they are about
 * is what a commit costs and keeps. Answers the environment that .NET programs find it by.
 */
export async function scratchPostgres(life) {
  const data = mkdtempSync(join(tmpdir(), 'modular-scratch-'));
  life.onEnd(() => rmSync(data, { recursive: true, force: true }));
  const { connection } = await startPostgres(life, { data });
  return { ...dotnetEnv, MODULAR_DEV: inClone('dev'), MODULAR_TEST_POSTGRES: connection };
}
