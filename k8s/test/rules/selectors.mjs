import { host, ofKind, selects, workload, workloads } from '../pods.mjs';
import { name } from '../render.mjs';

export const about = 'every selector finds pods, each workload its own and no other';

export function* violations(objects) {
  const all = workloads(objects);
  const found = (selector) => all.filter(({ labels }) => selects(selector, labels));
  for (const { object, labels, name: who } of all) {
    if (!selects(object.spec.selector?.matchLabels, labels)) yield `${who}: does not select its own pods`;
    if (found(object.spec.selector?.matchLabels).length > 1) yield `${who}: selects the pods of another`;
  }
  for (const service of ofKind(objects, 'Service')) if (found(service.spec.selector).length !== 1) yield `${name(service)}: is in front of ${found(service.spec.selector).length} workloads`;
  for (const budget of ofKind(objects, 'PodDisruptionBudget')) if (found(budget.spec.selector?.matchLabels).length !== 1) yield `${name(budget)}: protects ${found(budget.spec.selector?.matchLabels).length} workloads`;
  for (const policy of ofKind(objects, 'NetworkPolicy')) {
    if (found(policy.spec.podSelector.matchLabels).length === 0) yield `${name(policy)}: guards nothing`;
    for (const peer of (policy.spec.ingress ?? []).flatMap(({ from = [] }) => from)) {
      if (peer.podSelector && !peer.namespaceSelector && found(peer.podSelector.matchLabels).length === 0) yield `${name(policy)}: lets nobody in`;
    }
  }
  for (const { name: who, pod, labels } of all) {
    for (const spread of pod.topologySpreadConstraints ?? []) if (!selects(spread.labelSelector?.matchLabels, labels)) yield `${who}: spreads other pods than its own`;
  }
}

const component = 'app.kubernetes.io/component';
const first = (objects, kind) => ofKind(objects, kind)[0];

export const canaries = {
  'a Service in front of nothing': ['in front of 0', (objects) => (first(objects, 'Service').spec.selector[component] = 'hots')],
  'a Service without a selector': ['in front of 0', (objects) => delete first(objects, 'Service').spec.selector],
  'a Deployment whose pods are called otherwise': ['does not select its own', (objects) => (host(objects).object.spec.template.metadata.labels[component] = 'server')],
  'a budget that protects nothing': ['protects 0', (objects) => (first(objects, 'PodDisruptionBudget').spec.selector.matchLabels[component] = 'hots')],
  'a policy that guards nothing': ['guards nothing', (objects) => (first(objects, 'NetworkPolicy').spec.podSelector.matchLabels[component] = 'hots')],
  'a policy that lets nobody in': ['lets nobody in', (objects) => (ofKind(objects, 'NetworkPolicy').find(({ spec }) => spec.ingress[0].from).spec.ingress[0].from[0].podSelector.matchLabels[component] = 'hots')],
  'a spread over other pods': ['spreads other pods', (objects) => (host(objects).pod.topologySpreadConstraints[0].labelSelector.matchLabels[component] = 'hots')],
  'two workloads that take each other for their own': ['selects the pods of another', (objects) => Object.assign(workload(objects, 'postgres').labels, host(objects).labels)],
};
