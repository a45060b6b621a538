import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inClone, root } from './places.mjs';
import { which } from './processes.mjs';
import { Refusal } from './refusal.mjs';
import { step } from './steps.mjs';

/**
 * No build server, worker or compiler outlives the command that started it: measured on 2 cores, a build with nothing
 * to do takes 2 s all the same. MSBuild reads UseSharedCompilation as a property.
 */
export const dotnetEnv = {
  ...process.env,
  MSBUILDDISABLENODEREUSE: '1',
  DOTNET_CLI_USE_MSBUILD_SERVER: '0',
  UseSharedCompilation: 'false',
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_NOLOGO: '1',
  DOTNET_SKIP_FIRST_TIME_EXPERIENCE: '1',
};

export function requireSdk() {
  const get = 'Modular needs the .NET SDK 10 (https://dotnet.microsoft.com/download/dotnet/10.0)';
  if (which('dotnet') === null) throw new Refusal(`${get}; there is no 'dotnet' in PATH.`);
  // Run in the clone: the answer follows global.json, and so does the exit code when no SDK fits it.
  const { status } = spawnSync('dotnet', ['--version'], { cwd: root, encoding: 'utf8', env: dotnetEnv });
  if (status === 0) return;
  const { stdout } = spawnSync('dotnet', ['--list-sdks'], { cwd: '/', encoding: 'utf8', env: dotnetEnv });
  throw new Refusal(`${get}; 'dotnet --list-sdks' says: ${stdout.trim().replace(/\n/g, ', ') || 'none'}.`);
}

/** Builds a project or solution of the clone; without changes since last time, about two seconds. */
export function build(life, label, path, configuration, more = []) {
  return step(life, label, 'dotnet', ['build', inClone(path), '-c', configuration, '-v', 'quiet', '--nologo', '-clp:NoSummary', ...more], { env: dotnetEnv });
}

/** The program a project was built to, and null when it was not. */
export function built(project, configuration, assembly = basename(project, '.csproj')) {
  const path = join(dirname(inClone(project)), 'bin', configuration, 'net10.0', `${assembly}.dll`);
  return existsSync(path) ? path : null;
}
