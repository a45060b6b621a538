import { closeSync, existsSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { oneAtATime } from './one-at-a-time.mjs';
import { freePort } from './ports.mjs';
import { takeOver } from './server-lock.mjs';
import { findRabbitMq } from './rabbitmq-binaries.mjs';
import { Refusal } from './refusal.mjs';
import { unprivileged } from './unprivileged.mjs';

const waysToStop = [['SIGTERM', 30_000], ['SIGKILL', 5_000]];
const timeToStart = 120_000;

/** The data belongs to this name; the port of epmd tells nodes of the same name apart. */
const node = 'modular@localhost';
const loopbackOnly = '-kernel inet_dist_use_interface {127,0,0,1}';

/** What epmd, the node's start for other nodes, and its start for clients say of a port that somebody else has. */
const taken = /eaddrinuse|address already in use|dist_port_already_used/i;

/**
 * Runs a private broker for as long as `life`: one node with its own epmd, everything on loopback, user `guest`, no
 * plugins. Makes the data directory when it is not there, anew with `fresh`. Port 0 = one that `pick` chooses.
 * Answers `{ pid, port, url, ctl, data, child }`; `ctl` is a script that is rabbitmqctl for this node.
 */
export async function startRabbitMq(life, { data, port = 0, fresh = false, pick = freePort }) {
  const { bin, epmd } = await findRabbitMq(life);
  const as = unprivileged();
  const home = as.hold(resolve(data));
  if (!existsSync(join(home, 'rabbitmq.conf')) && readdirSync(home).some((name) => name !== 'dev.lock')) throw new Refusal(`${home} holds something that is not a RabbitMQ data directory.`);
  oneAtATime(life, join(home, 'dev.lock'), 'RabbitMQ');
  await takeOver(home, { read: readNode, file: 'node.pid', what: 'RabbitMQ', patience: 40_000 });
  if (fresh) for (const name of readdirSync(home)) if (name !== 'dev.lock') rmSync(join(home, name), { recursive: true });

  for (let attempt = 1; ; attempt++) {
    const ports = { amqp: port === 0 ? await pick() : port, epmd: await pick(), distribution: await pick() };
    const started = await launch(life, { as, bin, epmd, home, ports });
    if (started.failure === undefined)
      return { ...started, port: ports.amqp, data: home, url: `amqp://guest:guest@127.0.0.1:${ports.amqp}/%2F` };
    const { failure } = started;
    // A port that was free when it was chosen may be somebody else's by the time the node listens, seconds later.
    if (taken.test(failure) && attempt < 8) continue;
    if (taken.test(failure) && port !== 0) throw new Refusal(`Port ${ports.amqp} on 127.0.0.1 is in use. Choose another one for RabbitMQ.`);
    throw new Refusal(`RabbitMQ did not start on ${home}; its log is ${join(home, 'server.log')}.\n${failure.split('\n').slice(-40).join('\n')}`);
  }
}

async function launch(life, { as, bin, epmd, home, ports }) {
  const path = join(home, 'server.log');
  const before = existsSync(path) && statSync(path).size < 10_000_000 ? statSync(path).size : 0;
  const log = openSync(path, before === 0 ? 'w' : 'a');
  const output = () => readFileSync(path).subarray(before).toString().trim();
  const settings = configure(bin, home, ports);
  const how = { prefix: as.prefix, stdio: ['ignore', log, log], cwd: home, env: { ...process.env, ...settings } };

  // Ours and in the foreground: one that a node starts by itself is a daemon, and outlives it.
  const names = life.spawn(epmd, ['-port', String(ports.epmd)], how);
  let nameless = false; // epmd has ended: what answers on its port is somebody else's
  names.ended.then(() => (nameless = true));
  const notOurs = async () => `epmd: ${(await names.ended).error?.message ?? 'Address already in use'}`;
  if (!(await listens(ports.epmd, names))) return { failure: await notOurs() };

  const child = life.spawn(join(bin, 'rabbitmq-server'), [], { ...how, stop: waysToStop });
  closeSync(log);
  writeFileSync(join(home, 'node.pid'), `${child.pid}\n`);
  let over = null;
  child.ended.then((end) => (over = end));
  const deadline = Date.now() + timeToStart;
  for (; over === null && !nameless && Date.now() < deadline; await delay(25))
    if (/Server startup complete/.test(output())) return { pid: child.pid, child, ctl: join(home, 'rabbitmqctl') };
  const epmdEnded = nameless;
  for (const started of [child, names]) await life.stop(started, waysToStop);
  if (epmdEnded) return { failure: await notOurs() };
  return { failure: over?.error?.message ?? (over === null ? `It was not ready in ${timeToStart / 1000} s.\n` : '') + output() };
}

/** Writes the node's files, and answers its environment: nothing of a RabbitMQ that the machine has besides is read or written. */
function configure(bin, home, ports) {
  writeFileSync(join(home, 'rabbitmq.conf'), `listeners.tcp.1 = 127.0.0.1:${ports.amqp}\n`);
  writeFileSync(join(home, 'env.conf'), '');
  const common = {
    HOME: home, // of .erlang.cookie
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(ports.epmd),
    RABBITMQ_NODENAME: node,
    RABBITMQ_CONF_ENV_FILE: join(home, 'env.conf'),
  };
  // Port 0: rabbitmqctl is a node too, and has eleven fixed ports for all that run at the same time.
  const ctl = { ...common, RABBITMQ_CTL_ERL_ARGS: loopbackOnly, RABBITMQ_CTL_DIST_PORT_MIN: '0', RABBITMQ_CTL_DIST_PORT_MAX: '0' };
  const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
  const lines = Object.entries(ctl).map(([name, value]) => `export ${name}=${quote(value)}`);
  writeFileSync(join(home, 'rabbitmqctl'), `#!/bin/sh\n${lines.join('\n')}\nexec ${quote(join(bin, 'rabbitmqctl'))} "$@"\n`, { mode: 0o755 });
  return {
    ...common,
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: loopbackOnly,
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(home, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: join(home, 'rabbitmq.pid'),
    RUNNING_UNDER_SYSTEMD: 'true', // the script execs, so the child's id is the node's own and a signal reaches it
  };
}

function readNode(home) {
  const file = join(home, 'node.pid');
  return existsSync(file) ? { pid: Number(readFileSync(file, 'utf8')), status: 'ready' } : null;
}

/** Waits until somebody listens there; false when the program ended before. */
async function listens(port, child) {
  let over = false;
  child.ended.then(() => (over = true));
  while (!over) {
    const open = await new Promise((answer) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => answer(true)).once('error', () => answer(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open && !over) return true;
    await delay(10);
  }
  return false;
}
