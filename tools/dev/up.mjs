import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build, built, requireSdk } from './dotnet.mjs';
import { live } from './lifetime.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { inClone, own } from './places.mjs';
import { isFree } from './ports.mjs';
import { startPostgres } from './postgres.mjs';
import { Refusal, usage } from './refusal.mjs';
import { buildWeb } from './web.mjs';

export const options = {
  port: { type: 'number', default: 8080, min: 1, max: 65535 },
  host: { type: 'string', default: '127.0.0.1' },
  fresh: { type: 'boolean' },
  data: { type: 'string', default: own('postgres') },
  release: { type: 'boolean' },
  replicas: { type: 'number', default: 1, min: 1 },
};

export const help = `./dev up [--port N] [--host ADDR] [--fresh] [--data DIR] [--release]
  Builds and runs the product with a private Postgres, its data in .dev/postgres, until Ctrl-C.
  --port N      8080
  --host ADDR   127.0.0.1; 0.0.0.0 lets phones in the same network in
  --fresh       begin with empty data
  --data DIR    keep the data there instead; one ./dev up a folder
  --release     an optimised build`;

const timeToBeReady = 60_000;

export function run({ port, host, fresh, data, release, replicas }) {
  if (replicas > 1) throw usage('More than one replica needs a message broker between them, which is not part of this version. Leave --replicas out.');
  requireSdk();
  return live(async (life) => {
    oneAtATime(life, `${resolve(data)}.up.lock`, './dev up');
    await requireFree(port, host);
    const configuration = release ? 'Release' : 'Debug';
    const [postgres] = await Promise.all([startPostgres(life, { data: resolve(data), fresh }), make(life, configuration)]);
    const server = serve(life, { port, host, configuration, connection: postgres.connection });
    await isReady(`${url(host === '0.0.0.0' ? '127.0.0.1' : host, port)}/health/ready`, server);
    console.log(`ready ${url(host, port)}`);
    if (host === '0.0.0.0') for (const address of lanAddresses()) console.log(`  in this network: ${url(address, port)}`);
    await Promise.race([
      diedOf('The host', server),
      diedOf(`Postgres (its log is ${postgres.data}/server.log)`, postgres.child),
    ]);
  });
}

async function requireFree(port, host) {
  const free = await isFree(port, host).catch((error) => {
    throw new Refusal(`Cannot listen on ${host} port ${port}: ${error.message}.`);
  });
  if (!free) throw new Refusal(`Port ${port} on ${host} is in use. Choose another one: ./dev up --port ${port < 65535 ? port + 1 : port - 1}`);
}

/** The web app first: the host's build lists the files of wwwroot. */
async function make(life, configuration) {
  await buildWeb(life);
  await build(life, 'Host', 'src/Host/Host.csproj', configuration);
}

function serve(life, { port, host, configuration, connection }) {
  const program = built('src/Host/Host.csproj', configuration, 'host');
  if (program === null) throw new Refusal('The build of src/Host made no host.dll.');
  return life.spawn('dotnet', [program, 'serve'], {
    cwd: inClone('src/Host'), // its content root: appsettings.json and wwwroot
    env: { ...process.env, ASPNETCORE_URLS: url(host, port), ASPNETCORE_ENVIRONMENT: 'Development', Database__ConnectionString: connection },
    stdio: ['ignore', 'inherit', 'inherit'],
    stop: [['SIGTERM', 20_000], ['SIGKILL', 5_000]],
  });
}

async function isReady(probe, server) {
  const deadline = Date.now() + timeToBeReady;
  const died = diedOf('The host', server);
  died.catch(() => {}); // raced below
  while (!(await Promise.race([answersOk(probe), died]))) {
    if (Date.now() > deadline) throw new Refusal(`The host runs, but ${probe} did not answer 200 in ${timeToBeReady / 1000} s.`);
    await Promise.race([delay(100), died]);
  }
}

async function answersOk(probe) {
  try {
    const response = await fetch(probe, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false; // not listening yet
  }
}

async function diedOf(who, child) {
  const { code, signal, error } = await child.ended;
  throw new Refusal(`${who} ended by itself (${error?.message ?? signal ?? `exit code ${code}`}).`);
}

const url = (host, port) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

const lanAddresses = () =>
  Object.values(networkInterfaces()).flat().filter((face) => face.family === 'IPv4' && !face.internal).map((face) => face.address);
