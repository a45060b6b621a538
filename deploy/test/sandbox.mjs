import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { which } from '../../tools/dev/processes.mjs';

/** Where the program is inside: a directory that every Linux has. */
export const inside = '/mnt';
const user = ['--reuid=10001', '--regid=10001', '--clear-groups', '--no-new-privs'];

/** Puts the program in its place, makes everything read-only that is mounted, and gives it an empty /tmp. */
const close = `
  set -e
  mount --bind "$1" ${inside}
  awk '$5 !~ /^\\/proc/ { print $5 }' /proc/self/mountinfo | while read -r place; do mount -o remount,bind,ro "$place" 2>/dev/null || true; done
  mount -t tmpfs -o mode=1777 tmpfs /tmp
  shift
  cd ${inside}
  exec "$@"`;

/**
 * How to run the published program at `app` as a container does: as user 10001, on a read-only file system with an
 * empty /tmp. Answers `{ how, prefix, place, walled }`. Where this machine lets us change neither mounts nor users,
 * the program's files are read-only and the rest is left to trust (`walled` is false).
 */
export function sandbox(app) {
  const dotnet = dirname(realpathSync(which('dotnet')));
  const env = ['env', '-i', `DOTNET_ROOT=${dotnet}`, `PATH=${process.env.PATH}`];
  const script = ['sh', '-c', close, 'sh', app];
  const asRoot = [...(process.getuid() === 0 ? [] : ['sudo', '-n']), 'unshare', '--mount', '--', ...script, 'setpriv', ...user, '--', ...env];
  const asUser = ['unshare', '--user', '--map-root-user', '--mount', '--', ...script,
    'unshare', '--user', '--map-user=10001', '--map-group=10001', '--', 'setpriv', '--no-new-privs', '--', ...env];
  const runs = (prefix) => spawnSync(prefix[0], [...prefix.slice(1), `${dotnet}/dotnet`, `${inside}/host.dll`, 'version'], { stdio: 'ignore' }).status === 0;
  for (const [how, prefix] of [['with mounts and a user of its own', asRoot], ['in a user namespace', asUser]])
    if (which(prefix[0]) !== null && runs(prefix)) return { how, prefix, place: inside, walled: true };

  spawnSync('chmod', ['-R', 'a-w', app]);
  const changed = process.getuid() === 0 ? ['setpriv', ...user, '--'] : [];
  return { how: 'with read-only files only: neither unshare nor sudo works here', prefix: [...changed, ...env], place: app, walled: false };
}
