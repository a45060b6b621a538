import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { aptInstall, hasApt } from './apt.mjs';
import { inClone } from './places.mjs';
import { which } from './processes.mjs';
import { Refusal } from './refusal.mjs';
import { unprivileged } from './unprivileged.mjs';

const places = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin', '/home/linuxbrew/.linuxbrew/bin', '/usr/local/nginx/sbin'];

/** The address of no proxy: this is the first one. */
const nobody = '255.255.255.255';

/** Path of nginx: MODULAR_NGINX, PATH, the usual places, as root on Debian apt. */
export async function findNginx(life, { env = process.env, install = aptInstall, mayInstall = hasApt, usual = places } = {}) {
  if (env.MODULAR_NGINX) {
    if (existsSync(env.MODULAR_NGINX)) return env.MODULAR_NGINX;
    throw new Refusal(`MODULAR_NGINX is ${env.MODULAR_NGINX}, which does not exist.`);
  }
  const look = () => which('nginx', [env.PATH ?? '', ...usual].join(':'));
  if (look() === null && mayInstall()) await install(life, 'nginx', 'nginx');
  const found = look();
  if (found === null) throw new Refusal('More than one replica needs nginx in front of them, and there is none on this machine. Install it (Debian: apt-get install nginx; macOS: brew install nginx), or set MODULAR_NGINX to the program.');
  return found;
}

/**
 * Runs the load balancer on `host`:`port` for as long as `life`, before replicas at `ports` of this machine; its logs
 * are in `data`.
 */
export async function startNginx(life, { data, host, port, ports, front = nobody }) {
  const nginx = await findNginx(life);
  const as = unprivileged();
  const home = as.hold(resolve(data));
  const run = join(home, 'run');
  for (const made of [run, join(home, 'nginx.conf'), join(home, 'access.log')]) rmSync(made, { recursive: true, force: true });
  as.hold(run);
  const configuration = join(home, 'nginx.conf');
  writeFileSync(configuration, fill(readFileSync(inClone('deploy/nginx.conf.template'), 'utf8'), {
    MODULAR_LISTEN: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    MODULAR_SERVERS: ports.map((replica) => `server 127.0.0.1:${replica} max_fails=1 fail_timeout=2s;`).join(' '),
    MODULAR_FRONT: front,
    MODULAR_RUN: run,
    MODULAR_LOG: join(home, 'access.log'),
  }));
  // Only root may take a low port; nginx then changes the user of its workers by itself.
  const prefix = port < 1024 ? [] : as.prefix;
  const errors = openSync(join(home, 'error.log'), 'w');
  const child = life.spawn(nginx, ['-e', 'stderr', '-p', home, '-c', configuration, '-g', 'daemon off;'], { prefix, stdio: ['ignore', errors, errors], cwd: home });
  closeSync(errors);
  return { child, data: home };
}

/** The template with its `${MODULAR_*}`, as envsubst does it, which not every machine has. */
export function fill(template, values) {
  return template.replace(/\$\{(MODULAR_\w+)\}/g, (_, name) => {
    if (values[name] === undefined) throw new Error(`The template asks for ${name}.`);
    return values[name];
  });
}
