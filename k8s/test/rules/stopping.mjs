import { environment, host, hostContainer, workload, workloads } from '../pods.mjs';

export const about = 'a leaving pod has the time it needs, one leaves at a time, and a new one is there before';

/** The server waits so long for requests in flight (the framework's shutdown timeout). */
const requests = 30;

/** Lanes 5, the last batches of four modules 5 each, the broker 5 and its queue 5, owners' rows 5, telemetry 2: less than this. */
const engine = 45;

export function* violations(objects) {
  const { name, object, pod } = host(objects);
  const { Drain__Grace, Drain__Window } = environment(objects, hostContainer(objects));
  const sleep = hostContainer(objects).lifecycle?.preStop?.sleep?.seconds ?? 0;
  const drain = sleep + seconds(Drain__Grace) + seconds(Drain__Window);
  const needed = drain + requests + engine;
  if (sleep < 5) yield `${name}: refuses sockets before the load balancers know that it leaves`;
  if (seconds(Drain__Grace) === 0) yield `${name}: closes connections that load balancers still use`;
  if (!(pod.terminationGracePeriodSeconds >= needed)) yield `${name}: is killed after ${pod.terminationGracePeriodSeconds} s but may need ${needed} to leave`;
  if (!(object.spec.minReadySeconds > drain)) yield `${name}: the next pod may leave while the people of the last one still move (${drain} s)`;
  const { type, rollingUpdate = {} } = object.spec.strategy ?? {};
  if (type !== 'RollingUpdate' || rollingUpdate.maxUnavailable !== 0 || rollingUpdate.maxSurge !== 1) yield `${name}: a rollout takes pods away before new ones are there`;
  for (const each of workloads(objects)) if (!(each.pod.terminationGracePeriodSeconds >= 30)) yield `${each.name}: has no time to stop`;
}

function seconds(time) {
  if (!/^\d\d:\d\d:\d\d$/.test(time ?? '')) return 0;
  const [hours, minutes, rest] = time.split(':').map(Number);
  return hours * 3600 + minutes * 60 + rest;
}

const set = (objects, key, value) => {
  const config = objects.find((object) => object.kind === 'ConfigMap' && object.data[key] !== undefined);
  config.data[key] = value;
};

export const canaries = {
  'a longer grace than the pod is given': ['is killed after', (objects) => set(objects, 'Drain__Grace', '00:00:40')],
  'a longer window than the pod is given': ['is killed after', (objects) => set(objects, 'Drain__Window', '00:01:00')],
  'no grace': ['load balancers still use', (objects) => set(objects, 'Drain__Grace', '00:00:00')],
  'the default of 30 seconds': ['is killed after', (objects) => delete host(objects).pod.terminationGracePeriodSeconds],
  'no preStop': ['refuses sockets before', (objects) => delete hostContainer(objects).lifecycle],
  'a longer preStop': ['is killed after', (objects) => (hostContainer(objects).lifecycle.preStop.sleep.seconds = 60)],
  'two pods that leave together': ['the next pod may leave', (objects) => (host(objects).object.spec.minReadySeconds = 10)],
  'a rollout that starts with taking away': ['before new ones are there', (objects) => (host(objects).object.spec.strategy.rollingUpdate.maxUnavailable = 1)],
  'Recreate': ['before new ones are there', (objects) => (host(objects).object.spec.strategy = { type: 'Recreate' })],
  'a database that is killed at once': ['has no time to stop', (objects) => (workload(objects, 'postgres').pod.terminationGracePeriodSeconds = 5)],
};
