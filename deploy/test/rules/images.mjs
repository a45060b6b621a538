import { services } from '../compose.mjs';

export const about = 'every image has a tag that stays what it is, and ours is built in one place';

export function* violations(project) {
  const all = services(project);
  for (const [name, { image }] of all) {
    const tag = /:(?<tag>[^:/@]+)$/.exec(image ?? '')?.groups.tag;
    if (!tag || ['latest', 'main', 'stable'].includes(tag)) yield `${name}: ${image} is not pinned`;
    else if (/^\d+(-|$)/.test(tag)) yield `${name}: ${image} names a major version only`;
  }
  const ours = all.filter(([, { image }]) => image?.startsWith('modular:'));
  if (new Set(ours.map(([, { image }]) => image)).size !== 1) yield 'the replicas and the migration are different versions';
  if (ours.filter(([, { build }]) => build).length !== 1) yield 'our image is built more than once or not at all';
}

export const canaries = {
  'no tag': ['nginx: nginx is not pinned', ({ services }) => (services.nginx.image = 'nginx')],
  latest: ['postgres:latest is not pinned', ({ services }) => (services.postgres.image = 'postgres:latest')],
  'a major version alone': ['names a major version only', ({ services }) => (services.postgres.image = 'postgres:18')],
  'a replica of another version': ['different versions', ({ services }) => (services['replica-2'].image = 'modular:0.0.9')],
  'two builds': ['more than once', ({ services }) => (services['replica-2'].build = '.')],
};
