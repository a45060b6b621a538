import { allContainers, hostContainer, workloads } from '../pods.mjs';

export const about = 'every container asks for what it needs, has a limit of memory and none of processor time';

export function* violations(objects) {
  for (const { name, pod } of workloads(objects)) {
    for (const container of allContainers(pod)) {
      const { requests = {}, limits = {} } = container.resources ?? {};
      const who = `${name}: ${container.name}`;
      if (!requests.cpu || !requests.memory) yield `${who} does not say what it needs`;
      if (!limits.memory) yield `${who} may take its node's memory`;
      if (limits.cpu) yield `${who} is throttled: a process that shares commits stands still for all that wait`;
      if (bytes(requests.memory) > bytes(limits.memory)) yield `${who} needs more memory than it may have`;
    }
  }
}

const units = { '': 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, k: 1e3, M: 1e6, G: 1e9 };
const bytes = (quantity = '') => {
  const [, number, unit] = /^([\d.]*)(\w*)$/.exec(quantity);
  return Number(number) * units[unit];
};

export const canaries = {
  'no request': ['what it needs', (objects) => delete hostContainer(objects).resources.requests.cpu],
  'no limit': ["its node's memory", (objects) => delete hostContainer(objects).resources.limits],
  'a limit of processor time': ['is throttled', (objects) => (hostContainer(objects).resources.limits.cpu = '1')],
  'a limit below the request': ['more memory than it may have', (objects) => (hostContainer(objects).resources.limits.memory = '200Mi')],
};
