import { replicas, services } from '../compose.mjs';

export const about = 'only nginx is reached from outside, from this machine, and only nginx is believed';

export function* violations(project) {
  const published = services(project).filter(([, { ports }]) => ports);
  if (published.map(([name]) => name).join() !== 'nginx') yield `ports are published by ${published.map(([name]) => name)}`;
  for (const port of published.flatMap(([, { ports }]) => ports))
    if (!String(port).startsWith('127.0.0.1:')) yield `port ${port} is open to the network`;
  for (const [name, service] of services(project)) {
    if (service.network_mode) yield `${name} has the machine's network`;
    const open = Object.keys(named(service.networks)).filter((network) => !project.networks[network]?.internal);
    if (!['nginx', ...replicas(project).map(([replica]) => replica)].includes(name) && open.length > 0) yield `${name} can be reached through ${open}`;
  }

  const addresses = replicas(project).map(([, { networks }]) => networks.edge?.ipv4_address);
  const { networks, environment } = project.services.nginx;
  const servers = [...environment.MODULAR_SERVERS.matchAll(/server (\S+):8080 /g)].map(([, address]) => address);
  if (servers.join() !== addresses.join()) yield `nginx knows ${servers}, the replicas are ${addresses}`;
  const subnet = project.networks.edge.ipam.config[0].subnet.replace(/0\/24$/, '');
  for (const address of [networks.edge.ipv4_address, ...addresses]) if (!address.startsWith(subnet)) yield `${address} is not in ${subnet}0/24`;
  for (const [name, replica] of replicas(project)) {
    const believed = Object.entries(replica.environment).filter(([key]) => key.startsWith('Proxies__Known')).map(([, address]) => address);
    if (believed.join() !== networks.edge.ipv4_address) yield `${name} believes ${believed}`;
  }
}

const named = (networks = { default: null }) => (Array.isArray(networks) ? Object.fromEntries(networks.map((name) => [name, null])) : networks);

export const canaries = {
  'a door to the database': ['ports are published by postgres,nginx', ({ services }) => (services.postgres.ports = ['127.0.0.1:5432:5432'])],
  'a door to the network': ['open to the network', ({ services }) => (services.nginx.ports = ['8080:8080'])],
  'a door to every address': ['open to the network', ({ services }) => (services.nginx.ports = ['0.0.0.0:8080:8080'])],
  "the machine's network": ["has the machine's network", ({ services }) => (services.rabbitmq.network_mode = 'host')],
  'a broker beside nginx': ['rabbitmq can be reached', ({ services }) => services.rabbitmq.networks.push('edge')],
  'a network with a way out': ['postgres can be reached', ({ networks }) => delete networks.inside.internal],
  'a replica that nginx does not know': ['nginx knows', ({ services }) => (services['replica-2'].networks.edge.ipv4_address = '172.30.238.13')],
  'another network': ['is not in', ({ networks }) => (networks.edge.ipam.config[0].subnet = '10.0.0.0/24')],
  'somebody else who is believed': ['believes', ({ services }) => (services['replica-1'].environment.Proxies__Known__1 = '0.0.0.0/0')],
};
