import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from './places.mjs';
import { Refusal } from './refusal.mjs';

/**
 * How to run servers that refuse root, as Postgres does, or have no use for it: `prefix` goes before the command, `enter(dir)` answers a
 * directory with that content which the program may read, `hold(dir)` one it may fill.
 *  - a normal user: as it is;
 *  - root: in a user namespace, where root's files belong to an ordinary user, so that everything stays in place,
 *    even below a home nobody else may enter;
 *  - root where namespaces are forbidden (many containers): as the clone's owner or `nobody`, with everything that
 *    user cannot reach under /var/tmp.
 */
export function unprivileged({ uid = process.getuid?.() ?? 1, works = succeeds, passwd = readPasswd() } = {}) {
  const inPlace = { enter: (dir) => dir, hold: (dir) => (mkdirSync(dir, { recursive: true, mode: 0o700 }), dir) };
  if (uid !== 0) return { prefix: [], ...inPlace };
  // The user must have a name: initdb looks it up even when told which role to make.
  const user = ['nobody', 'postgres', 'daemon'].map((name) => passwd.get(name)).find((entry) => entry !== undefined) ?? { uid: 65534, gid: 65534 };
  const namespace = ['unshare', '--user', `--map-user=${user.uid}`, '--'];
  if (process.env.MODULAR_NO_USERNS === undefined && works([...namespace, 'true'])) return { prefix: namespace, ...inPlace };

  const owner = statSync(root);
  const other = owner.uid !== 0 ? owner : user;
  const prefix = ['setpriv', `--reuid=${other.uid}`, `--regid=${other.gid}`, '--clear-groups', '--'];
  if (!works([...prefix, 'true'])) throw new Refusal('Postgres refuses to run as root, the broker should not, and neither unshare nor setpriv (util-linux) can change the user here. Run ./dev as another user.');
  const may = (flag, dir) => works([...prefix, 'test', flag, dir]);
  const elsewhere = (dir) => {
    const place = `/var/tmp/modular-${other.uid}-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`;
    // Anybody may write to /var/tmp: what lies there under our name must be ours.
    const there = lstatSync(place, { throwIfNoEntry: false });
    if (there !== undefined && (!there.isDirectory() || ![0, other.uid].includes(there.uid))) throw new Refusal(`${place} belongs to somebody else. Remove it.`);
    console.error(`${dir} cannot be used by user ${other.uid}; using ${place}`);
    return place;
  };
  return {
    prefix,
    enter(dir) {
      if (may('-x', join(dir, 'postgres'))) return dir;
      const copy = join(elsewhere(dir), basename(dir));
      // The binaries find their libraries and data beside them, so their whole tree goes along.
      if (!existsSync(copy)) cpSync(join(dir, '..'), join(copy, '..'), { recursive: true, verbatimSymlinks: true });
      return copy;
    },
    hold(dir) {
      mkdirSync(dir, { recursive: true });
      const place = may('-x', join(dir, '..')) ? dir : elsewhere(dir);
      mkdirSync(place, { recursive: true, mode: 0o700 });
      // Only one that holds nothing yet: --data may name any directory by mistake, and this is root.
      if (readdirSync(place).length === 0) chownSync(place, other.uid, other.gid);
      return place;
    },
  };
}

function succeeds([command, ...args]) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function readPasswd() {
  if (!existsSync('/etc/passwd')) return new Map();
  return new Map(readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':')).map(([name, , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]));
}
