import { replicas, services } from '../compose.mjs';

export const about = "the replicas' settings are the host's, the same for all, and none is a secret in the file";

export function* violations(project, { settings, commands, written }) {
  const hosts = services(project).filter(([, { image }]) => image.startsWith('modular:'));
  for (const [name, { environment, command, healthcheck }] of hosts) {
    for (const key of Object.keys(environment)) {
      const setting = key.replaceAll('__', ':').replace(/:\d+$/, '');
      if (!settings.has(setting)) yield `${name}: the host has no setting ${setting}`;
    }
    for (const needed of ['Database__ConnectionString', 'Bus__Url', 'Modules__Users__Secret']) if (!environment[needed]) yield `${name} lacks ${needed}`;
    if (!commands.includes(command[0])) yield `${name}: the host has no command ${command}`;
    if (healthcheck && !commands.includes(healthcheck.test.at(-1))) yield `${name}: the host has no command ${healthcheck.test.at(-1)}`;
  }
  const serving = replicas(project);
  if (serving.length < 2) yield 'there is one replica only';
  for (const [name, { environment }] of serving) {
    if (JSON.stringify(environment) !== JSON.stringify(serving[0][1].environment)) yield `${name} has other settings than ${serving[0][0]}`;
    if (environment.Database__MigrateAtStart !== 'false') yield `${name} migrates by itself, beside the job`;
  }
  for (const [name, { environment = {} }] of services(written))
    for (const [key, value] of Object.entries(environment))
      if (/pass|secret|connectionstring|url/i.test(key) && !/\$\{\w+:[?-]/.test(value)) yield `${name}: ${key} stands in the file`;
}

export const canaries = {
  'a setting that is none': ['the host has no setting Databse:MigrateAtStart', ({ services }) => (services.migrate.environment.Databse__MigrateAtStart = 'x')],
  'a broker that one does not know': ['migrate lacks Bus__Url', ({ services }) => delete services.migrate.environment.Bus__Url],
  'a command that is none': ['the host has no command', ({ services }) => (services.migrate.command = ['upgrade'])],
  'a health check that is no command': ['the host has no command', ({ services }) => (services['replica-1'].healthcheck.test = ['CMD', '/app/host', 'ready'])],
  'one replica': ['one replica only', ({ services }) => delete services['replica-2']],
  'a replica with other settings': ['has other settings', ({ services }) => (services['replica-2'].environment.Public__Url = 'http://elsewhere')],
  'two who migrate': ['migrates by itself', ({ services }) => delete services['replica-1'].environment.Database__MigrateAtStart],
  'a password in the file': ['POSTGRES_PASSWORD stands in the file', (_, { services }) => (services.postgres.environment.POSTGRES_PASSWORD = 'secret')],
};
