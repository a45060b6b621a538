import { environment, host, hostContainer, serving, workload, workloads } from '../pods.mjs';

export const about = 'every container is asked whether it has started, is ready and lives';

const kinds = ['startupProbe', 'readinessProbe', 'livenessProbe'];
const paths = { startupProbe: 'started', readinessProbe: 'ready', livenessProbe: 'live' };

/** Until a host that was killed counts as gone, a new one may have to wait this long. */
const silence = 10;

/** The readiness check gives the database this long before it says that there is none. */
const databasePatience = 2;

export function* violations(objects, facts) {
  for (const { name, pod } of workloads(objects)) {
    for (const container of serving(pod)) {
      for (const kind of kinds) if (!container[kind]) yield `${name}: ${container.name} has no ${kind}`;
      for (const kind of kinds) if (container[kind] && !(container[kind].timeoutSeconds > 1)) yield `${name}: the ${kind} of ${container.name} gives a busy machine no time`;
    }
  }
  const container = hostContainer(objects);
  for (const kind of kinds) {
    const asked = container[kind]?.httpGet;
    if (asked?.path !== facts.health[paths[kind]]) yield `${host(objects).name}: the ${kind} asks ${asked?.path}, not ${facts.health[paths[kind]]}`;
    if (asked && typeof asked.port !== 'string') yield `${host(objects).name}: the ${kind} names no port`;
  }
  if (container.readinessProbe?.timeoutSeconds <= databasePatience) yield `${host(objects).name}: the readinessProbe does not wait for the answer that the database is away`;
  const { periodSeconds = 10, failureThreshold = 3 } = container.startupProbe ?? {};
  const { Database__StartTimeoutSeconds: patience = 30 } = environment(objects, container);
  if (periodSeconds * failureThreshold < Number(patience) + silence) yield `${host(objects).name}: the startupProbe ends before the host has given the database up`;
}

export const canaries = {
  'a container without a startup probe': ['has no startupProbe', (objects) => delete hostContainer(objects).startupProbe],
  'a database without a liveness probe': ['has no livenessProbe', (objects) => delete workload(objects, 'postgres').pod.containers[0].livenessProbe],
  'a liveness probe that depends on the database': ['asks /health/ready', (objects) => (hostContainer(objects).livenessProbe.httpGet.path = '/health/ready')],
  'a path that the host does not answer': ['asks /healthz', (objects) => (hostContainer(objects).readinessProbe.httpGet.path = '/healthz')],
  'a port by number': ['names no port', (objects) => (hostContainer(objects).livenessProbe.httpGet.port = 8080)],
  'a probe with a second to answer': ['gives a busy machine no time', (objects) => delete hostContainer(objects).livenessProbe.timeoutSeconds],
  'a readiness probe more impatient than the check': ['does not wait for the answer', (objects) => (hostContainer(objects).readinessProbe.timeoutSeconds = 2)],
  'a startup probe more impatient than the host': ['before the host has given the database up', (objects) => (hostContainer(objects).startupProbe.failureThreshold = 30)],
};
