import { environment, host, hostContainer } from '../pods.mjs';

export const about = 'a pod migrates before it serves, with the settings that it serves with';

export function* violations(objects, { commands }) {
  const { name, pod } = host(objects);
  const before = pod.initContainers ?? [];
  const migrate = before.find(({ args }) => args?.[0] === 'migrate');
  if (!migrate) yield `${name}: serves a database that nobody has migrated`;
  for (const container of [...before, ...pod.containers]) {
    if (container.args?.length !== 1 || !commands.includes(container.args[0])) yield `${name}: ${container.name} runs "${container.args}", which is no command of the host`;
    // The image's entrypoint is the host, wherever it lies in there.
    if (container.command) yield `${name}: ${container.name} does not run the image's entrypoint`;
  }
  const serves = environment(objects, hostContainer(objects));
  if (serves.Database__MigrateAtStart !== 'false') yield `${name}: migrates again while it starts`;
  const different = migrate && Object.entries(serves).filter(([key, value]) => environment(objects, migrate)[key] !== value);
  for (const [key] of different ?? []) yield `${name}: migrates with another ${key} than it serves with`;
}

export const canaries = {
  'no migration': ['nobody has migrated', (objects) => delete host(objects).pod.initContainers],
  'a command that the host does not have': ['runs "migrat"', (objects) => (host(objects).pod.initContainers[0].args = ['migrat'])],
  'a way round the entrypoint': ["does not run the image's entrypoint", (objects) => (hostContainer(objects).command = ['dotnet', 'host.dll'])],
  'a second migration': ['migrates again', (objects) => delete objects.find((object) => object.kind === 'ConfigMap' && object.data.Drain__Grace).data.Database__MigrateAtStart],
  'a migration without the broker': ['another Bus__Url', (objects) => (host(objects).pod.initContainers[0].env = hostContainer(objects).env.filter(({ name }) => name !== 'Bus__Url'))],
};
