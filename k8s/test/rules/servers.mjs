import { environment, host, hostContainer, ofKind, selects, workloads } from '../pods.mjs';

export const about = 'a database and a broker that come along are those that the host is told of';

/** A module's connections beside those that are settings: one that commits, one for large commits. A process has one for heartbeats. */
const fixed = 2;

export function* violations(objects, facts) {
  const given = environment(objects, hostContainer(objects));
  const database = Object.fromEntries((given.Database__ConnectionString ?? '').split(';').map((part) => part.split('=')));
  const postgres = behind(objects, database.Host, database.Port ?? '5432');
  if (postgres === null) yield 'Database__ConnectionString: there is no Service of that name and port';
  if (postgres) {
    const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = environment(objects, postgres.pod.containers[0]);
    if (database.Username !== POSTGRES_USER || database.Password !== POSTGRES_PASSWORD || database.Database !== POSTGRES_DB) yield 'Database__ConnectionString: the database is made with other names';
    const { replicas, object } = host(objects);
    const processes = replicas + object.spec.strategy.rollingUpdate.maxSurge;
    const needed = processes * (facts.modules * (fixed + Number(given.Database__SideConnections ?? 1) + Number(given.Database__ReadConnections ?? 4)) + 1);
    const most = Number(/max_connections=(\d+)/.exec(postgres.pod.containers[0].args?.join(' '))?.[1] ?? 100);
    if (most - 3 < needed) yield `${postgres.name}: lets ${most} in, but ${processes} hosts open up to ${needed} connections`;
  }
  const bus = URL.canParse(given.Bus__Url) ? new URL(given.Bus__Url) : null;
  const rabbitmq = bus && behind(objects, bus.hostname, bus.port || '5672');
  if (rabbitmq === null && given.Bus__Url !== '') yield 'Bus__Url: there is no Service of that name and port';
  if (rabbitmq) {
    const { RABBITMQ_DEFAULT_USER, RABBITMQ_DEFAULT_PASS } = environment(objects, rabbitmq.pod.containers[0]);
    if (bus.username !== RABBITMQ_DEFAULT_USER || bus.password !== RABBITMQ_DEFAULT_PASS) yield 'Bus__Url: the broker is made with other names';
  }
}

/** The workload behind a Service; undefined where the server is elsewhere (a name with dots, or none yet), null where it should be here and is not. */
function behind(objects, server = '', port) {
  if (server === '' || server.includes('.')) return undefined;
  const service = ofKind(objects, 'Service').find(({ metadata, spec }) => metadata.name === server && spec.ports.some((each) => String(each.port) === port));
  return service ? workloads(objects).find(({ labels }) => selects(service.spec.selector, labels)) : null;
}

const secret = (objects, key) => objects.find((object) => object.kind === 'Secret' && key in object.data).data;
const put = (objects, key, change) => (secret(objects, key)[key] = Buffer.from(change(Buffer.from(secret(objects, key)[key], 'base64').toString())).toString('base64'));

export const canaries = {
  'a database of another name': ['Database__ConnectionString: there is no Service', (objects) => put(objects, 'Database__ConnectionString', (text) => text.replace('Host=postgres', 'Host=postgresql'))],
  'another password': ['Database__ConnectionString: the database is made', (objects) => put(objects, 'POSTGRES_PASSWORD', () => 'secret')],
  'another broker password': ['Bus__Url: the broker is made', (objects) => put(objects, 'RABBITMQ_DEFAULT_PASS', () => 'secret')],
  'a broker at another port': ['Bus__Url: there is no Service', (objects) => put(objects, 'Bus__Url', (text) => text.replace('5672', '5671'))],
  'more replicas than the database has connections for': ['hosts open up to', (objects) => (host(objects).object.spec.replicas = 5)],
};
