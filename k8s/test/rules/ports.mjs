import { allContainers, environment, host, hostContainer, ofKind, selects, serving, workloads } from '../pods.mjs';
import { name } from '../render.mjs';

export const about = 'every port that is named is there, and the host listens on its own';

export function* violations(objects) {
  const all = workloads(objects);
  const portsOf = (selector) => all.filter(({ labels }) => selects(selector, labels)).flatMap(({ pod }) => serving(pod)).flatMap(({ ports = [] }) => ports);
  for (const service of ofKind(objects, 'Service')) {
    for (const port of service.spec.ports) if (!portsOf(service.spec.selector).some((each) => each.name === port.targetPort)) yield `${name(service)}: there is no port ${port.targetPort}`;
  }
  for (const policy of ofKind(objects, 'NetworkPolicy')) {
    const wanted = (policy.spec.ingress ?? []).flatMap(({ ports = [] }) => ports);
    for (const { port } of wanted) if (!portsOf(policy.spec.podSelector.matchLabels).some((each) => each.name === port)) yield `${name(policy)}: there is no port ${port}`;
    if (wanted.length === 0) yield `${name(policy)}: names no port`;
  }
  for (const { name: who, pod } of all) {
    for (const container of allContainers(pod)) {
      for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
        const port = (probe?.httpGet ?? probe?.tcpSocket)?.port;
        if (port && !(container.ports ?? []).some((each) => each.name === port)) yield `${who}: a probe of ${container.name} asks at ${port}, which is no port of it`;
      }
    }
  }
  const own = hostContainer(objects).ports?.find((port) => port.name === 'http')?.containerPort;
  const listens = environment(objects, hostContainer(objects)).ASPNETCORE_HTTP_PORTS;
  if (String(own) !== listens) yield `${host(objects).name}: its port is ${own}, but it listens on ${listens}`;
}

export const canaries = {
  'a Service to a port that is not there': ['no port htpp', (objects) => (ofKind(objects, 'Service')[0].spec.ports[0].targetPort = 'htpp')],
  'a policy for a port that is not there': ['no port https', (objects) => (ofKind(objects, 'NetworkPolicy')[0].spec.ingress[0].ports[0].port = 'https')],
  'a policy for all ports': ['names no port', (objects) => delete ofKind(objects, 'NetworkPolicy')[0].spec.ingress[0].ports],
  'a probe at a port that is not there': ['asks at health', (objects) => (hostContainer(objects).livenessProbe.httpGet.port = 'health')],
  'a host that listens elsewhere': ['but it listens on 8080', (objects) => (hostContainer(objects).ports[0].containerPort = 80)],
};
