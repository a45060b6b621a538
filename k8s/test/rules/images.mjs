import { allContainers, host, hostContainer, workload, workloads } from '../pods.mjs';

export const about = 'every image has a tag that stays what it is, and a pod migrates with the version that it serves';

export function* violations(objects) {
  for (const { name, pod } of workloads(objects)) {
    for (const container of allContainers(pod)) {
      const { tag, digest } = /^[^@]*?(:(?<tag>[^:/@]+))?(@(?<digest>sha256:[0-9a-f]{64}))?$/.exec(container.image).groups;
      if (!digest && (!tag || ['latest', 'main', 'stable'].includes(tag))) yield `${name}: ${container.image} is not pinned`;
      // A server's major version alone moves on by itself, and its data with it.
      if (!digest && /^\d+$/.test(tag)) yield `${name}: ${container.image} names a major version only`;
      if (container.imagePullPolicy === 'Always') yield `${name}: ${container.name} cannot start without its registry`;
    }
  }
  const { name, pod } = host(objects);
  if (new Set(allContainers(pod).map(({ image }) => image)).size > 1) yield `${name}: migrates with another version than it serves`;
}

export const canaries = {
  'no tag': ['registry:5000/modular is not pinned', (objects) => (hostContainer(objects).image = 'registry:5000/modular')],
  'latest': ['modular:latest is not pinned', (objects) => (hostContainer(objects).image = 'modular:latest')],
  'a major version alone': ['names a major version only', (objects) => (workload(objects, 'postgres').pod.containers[0].image = 'postgres:18')],
  'a migration of another version': ['migrates with another version', (objects) => (host(objects).pod.initContainers[0].image = 'modular:0.0.9')],
  'a registry that must be there': ['cannot start without its registry', (objects) => (hostContainer(objects).imagePullPolicy = 'Always')],
};
