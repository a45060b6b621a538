import { replicas, services } from '../compose.mjs';

export const about = 'data outlives its container, and everybody has the time to stop that it takes';

const seconds = (time) => Number(/^(\d+)s$/.exec(time ?? '')?.[1] ?? 0);

export function* violations(project, { drain }) {
  for (const name of ['postgres', 'rabbitmq']) {
    const [source] = (project.services[name].volumes?.[0] ?? '').split(':');
    if (!(source in project.volumes)) yield `${name} keeps its data nowhere`;
  }
  for (const [name, { volumes = [] }] of services(project))
    for (const volume of volumes) if (/^[./]/.test(volume) && !volume.endsWith(':ro')) yield `${name} can write to ${volume}`;
  for (const [name, { stop_grace_period: time }] of replicas(project)) if (seconds(time) < drain + 10) yield `${name} is killed after ${time}, while it drains`;
  for (const name of ['postgres', 'rabbitmq']) if (seconds(project.services[name].stop_grace_period) < 30) yield `${name} is killed before it has written what it holds`;
  if (!project.services.rabbitmq.hostname) yield 'the broker has another name, and so other data, each time it is made';
}

export const canaries = {
  'data inside a container': ['postgres keeps its data nowhere', ({ services }) => delete services.postgres.volumes],
  'a volume that there is not': ['rabbitmq keeps its data nowhere', ({ volumes }) => delete volumes.rabbitmq],
  'a directory that can be written to': ['nginx can write', ({ services }) => (services.nginx.volumes = ['./deploy:/etc/nginx/templates'])],
  'too little time to drain': ['while it drains', ({ services }) => (services['replica-2'].stop_grace_period = '20s')],
  'too little time to write': ['before it has written', ({ services }) => delete services.rabbitmq.stop_grace_period],
  'a broker without a name': ['has another name', ({ services }) => delete services.rabbitmq.hostname],
};
