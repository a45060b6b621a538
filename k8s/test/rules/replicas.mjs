import { host, ofKind, selects } from '../pods.mjs';

export const about = 'the replicas are equal, stand apart, and are not taken away together';

export function* violations(objects) {
  const { name, labels, pod, replicas } = host(objects);
  if (replicas < 2) yield `${name}: a lost node is a lost product`;
  const budget = ofKind(objects, 'PodDisruptionBudget').find(({ spec }) => selects(spec.selector?.matchLabels, labels));
  if (!budget) yield `${name}: all its pods may be evicted together`;
  else if (spared(budget.spec, replicas) < 1) yield `${name}: its budget lets all be evicted together`;
  else if (spared(budget.spec, replicas) >= replicas) yield `${name}: its budget keeps nodes from being drained`;
  const spread = (pod.topologySpreadConstraints ?? []).find(({ topologyKey }) => topologyKey === 'kubernetes.io/hostname');
  if (!spread) yield `${name}: its pods may all be on one node`;
  for (const service of ofKind(objects, 'Service')) if (service.spec.sessionAffinity === 'ClientIP') yield `${service.metadata.name}: needs no session affinity`;
}

const spared = ({ minAvailable, maxUnavailable }, replicas) => minAvailable ?? replicas - maxUnavailable;

const budget = (objects) => ofKind(objects, 'PodDisruptionBudget')[0].spec;

export const canaries = {
  'one replica': ['a lost node', (objects) => (host(objects).object.spec.replicas = 1)],
  'no budget': ['may be evicted together', (objects) => objects.splice(objects.findIndex(({ kind }) => kind === 'PodDisruptionBudget'), 1)],
  'a budget of all': ['lets all be evicted', (objects) => (budget(objects).maxUnavailable = 2)],
  'a budget of none': ['keeps nodes', (objects) => (budget(objects).maxUnavailable = 0)],
  'no spread': ['on one node', (objects) => delete host(objects).pod.topologySpreadConstraints],
  'session affinity': ['no session affinity', (objects) => (ofKind(objects, 'Service')[0].spec.sessionAffinity = 'ClientIP')],
};
