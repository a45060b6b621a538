import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { which } from './processes.mjs';
import { step } from './steps.mjs';

/** True for root on Debian and its kin, where a missing program may be installed. */
export const hasApt = () => process.getuid?.() === 0 && which('apt-get') !== null;

/** Installs packages from apt; none of them may start a service on a developer's machine because a test wants it. */
export async function aptInstall(life, label, ...packages) {
  const guard = '/usr/sbin/policy-rc.d';
  if (!existsSync(guard)) {
    writeFileSync(guard, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    life.onEnd(() => rmSync(guard, { force: true }));
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step(life, 'Package lists', 'apt-get', ['update'], { env });
  await step(life, label, 'apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
}
