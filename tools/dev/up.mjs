import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { build, requireSdk } from './dotnet.mjs';
import { diedOf, isReady, serve, url } from './hosts.mjs';
import { live } from './lifetime.mjs';
import { findNginx } from './nginx.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { own } from './places.mjs';
import { isBlocked, isFree } from './ports.mjs';
import { startPostgres } from './postgres.mjs';
import { findRabbitMq } from './rabbitmq-binaries.mjs';
import { startRabbitMq } from './rabbitmq.mjs';
import { Refusal, usage } from './refusal.mjs';
import { reachable, startReplicas } from './replicas.mjs';
import { buildWeb } from './web.mjs';

export const options = {
  port: { type: 'number', default: 8080, min: 1, max: 65535 },
  host: { type: 'string', default: '127.0.0.1' },
  fresh: { type: 'boolean' },
  data: { type: 'string', default: own('postgres') },
  release: { type: 'boolean' },
  replicas: { type: 'number', default: 1, min: 1, max: 16 },
};

export const help = `./dev up [--port N] [--host ADDR] [--replicas N] [--fresh] [--data DIR] [--release]
  Builds and runs the product with a private Postgres, its data in .dev/postgres, until Ctrl-C.
  Mails are put into .dev/mail, and their links shown, unless Mail__Smtp__Host says where to send them.
  --port N      8080
  --host ADDR   127.0.0.1; 0.0.0.0 lets phones in the same network in
  --replicas N  1; more run N hosts with a private RabbitMQ between them and nginx before them on the port; replica i
                listens on port + i too, on 127.0.0.1. One that is killed is reported, and the others serve on
  --fresh       begin with empty data
  --data DIR    keep the data there instead, and the broker's and the mails beside it; one ./dev up a folder
  --release     an optimised build`;

export function run({ port, host, fresh, data, release, replicas }) {
  if (replicas > 1 && port + replicas > 65535) throw usage(`Replica i listens on port + i, so --port may be at most ${65535 - replicas} here.`);
  requireSdk();
  return live(async (life) => {
    const home = resolve(data);
    oneAtATime(life, `${home}.up.lock`, './dev up');
    await requireFree(port, host);
    if (replicas > 1) for (let i = 1; i <= replicas; i++) await requireFree(port + i, '127.0.0.1', port);
    const configuration = release ? 'Release' : 'Debug';
    const beside = (name) => (home === own('postgres') ? own(name) : `${home}.${name}`);
    const unlessGiven = { Mail__Folder: beside('mail'), Public__Url: url(reachable(host), port) };
    const started = replicas === 1 ? [] : [withBroker(life, { data: beside('rabbitmq'), fresh })];
    const [postgres, , broker] = await Promise.all([startPostgres(life, { data: home, fresh }), make(life, configuration), ...started]);
    const { serving, died } = replicas === 1
      ? await startOne(life, { port, host, configuration, connection: postgres.connection, unlessGiven })
      : await startReplicas(life, { count: replicas, port, host, configuration, connection: postgres.connection, broker, balancer: beside('nginx'), unlessGiven });
    console.log(`ready ${url(host, port)}`);
    serving.forEach((which, i) => console.log(`  replica ${i + 1}: ${which}`));
    if (host === '0.0.0.0') for (const address of lanAddresses()) console.log(`  in this network: ${url(address, port)}`);
    await Promise.race([died, diedOf(`Postgres (its log is ${postgres.data}/server.log)`, postgres.child)]);
  });
}

/** Both programs are looked for before anything takes long, one after the other: apt installs one at a time. */
async function withBroker(life, how) {
  await findRabbitMq(life);
  await findNginx(life);
  return startRabbitMq(life, how);
}

async function requireFree(port, host, asked = port) {
  const free = await isFree(port, host).catch((error) => {
    throw new Refusal(`Cannot listen on ${host} port ${port}: ${error.message}.`);
  });
  const another = `Choose another one: ./dev up --port ${asked < 65535 ? asked + 1 : asked - 1}`;
  if (!free) throw new Refusal(`Port ${port} on ${host} is in use. ${another}`);
  if (await isBlocked(port)) throw new Refusal(`Browsers speak to nobody on port ${port}. ${another}`);
}

/** The web app first: the host's build lists the files of wwwroot. */
async function make(life, configuration) {
  await buildWeb(life);
  await build(life, 'Host', 'src/Host/Host.csproj', configuration);
}

async function startOne(life, { port, host, configuration, connection, unlessGiven }) {
  const server = serve(life, { port, host, configuration, settings: { Database__ConnectionString: connection }, unlessGiven });
  const died = diedOf('The host', server);
  await isReady(`${url(reachable(host), port)}/health/ready`, died);
  return { serving: [], died };
}

const lanAddresses = () =>
  Object.values(networkInterfaces()).flat().filter((face) => face.family === 'IPv4' && !face.internal).map((face) => face.address);
