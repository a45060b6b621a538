import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dotnetEnv } from './dotnet.mjs';
import { inClone, own } from './places.mjs';
import { startPostgres } from './postgres.mjs';
import { isDev } from './processes.mjs';
import { startRabbitMq } from './rabbitmq.mjs';

/**
 * A server with empty data for tests and measurements, gone with `life`. A measurement has it `durable`: it is about what a
 * commit costs. Tests do without: they kill hosts and servers, never the machine, and what a killed server has written
 * the machine still holds. Measured on 2 busy cores, Questions.Tests take a sixth less time.
 * Answers the environment that .NET programs find it by.
 */
export async function scratchPostgres(life, { durable }) {
  const scratch = place(life, 'postgres');
  const postgres = await startPostgres(life, { data: scratch.data, fresh: true, durable });
  scratch.data = postgres.data; // where another user's server had to go elsewhere
  return { ...dotnetEnv, MODULAR_DEV: inClone('dev'), MODULAR_TEST_POSTGRES: postgres.connection };
}

/** A broker for the same, with a virtual host for each test. */
export async function scratchRabbitMq(life) {
  const scratch = place(life, 'rabbitmq');
  const broker = await startRabbitMq(life, { data: scratch.data, fresh: true });
  scratch.data = broker.data;
  return { MODULAR_TEST_RABBITMQ: broker.url, MODULAR_TEST_RABBITMQCTL: broker.ctl, MODULAR_TEST_RABBITMQ_PID: String(broker.pid) };
}

/** A directory that goes with `life`; what a killed ./dev left goes now. */
function place(life, name) {
  const all = own('scratch');
  const left = existsSync(all) ? readdirSync(all).filter((entry) => !isDev(Number.parseInt(entry, 10))) : [];
  for (const entry of left) rmSync(own('scratch', entry), { recursive: true, force: true });
  const scratch = { data: own('scratch', `${process.pid}-${name}`) };
  life.onEnd(() => rmSync(scratch.data, { recursive: true, force: true }));
  return scratch;
}
