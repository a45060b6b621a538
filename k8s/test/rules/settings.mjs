import { allContainers, environment, host, hostContainer } from '../pods.mjs';

export const about = 'every setting is one that the host has, with a value it can read';

const readable = {
  bool: /^(true|false)$/,
  int: /^\d+$/,
  long: /^\d+$/,
  double: /^\d+(\.\d+)?$/,
  TimeSpan: /^(\d+\.)?\d\d:\d\d:\d\d$/,
};

export function* violations(objects, { settings }) {
  const { name, pod } = host(objects);
  for (const container of allContainers(pod)) {
    for (const [variable, value] of Object.entries(environment(objects, container))) {
      if (!variable.includes('__')) continue;
      const type = typeOf(settings, variable.replaceAll('__', ':'));
      if (!type) yield `${name}: ${container.name} is given ${variable}, which is no setting of the host`;
      else if (readable[type] && !readable[type].test(value)) yield `${name}: ${variable}=${value} is no ${type}`;
    }
  }
  const given = environment(objects, hostContainer(objects));
  for (const variable of ['Database__ConnectionString', 'Modules__Users__Secret', 'Bus__Url']) if (given[variable] === undefined) yield `${name}: does not start without ${variable}`;
}

/** A setting's type, or that of a list's element. */
function typeOf(settings, setting) {
  const list = settings.get(setting.replace(/:\d+$/, ''));
  return settings.get(setting) ?? (list?.endsWith('[]') ? list.slice(0, -2) : undefined);
}

const config = (objects) => objects.find((object) => object.kind === 'ConfigMap' && object.data.Drain__Grace).data;

export const canaries = {
  'a setting that the host does not have': ['Drain__Graze', (objects) => (config(objects).Drain__Graze = '00:00:10')],
  'a section that the host does not have': ['Databse__MigrateAtStart', (objects) => (config(objects).Databse__MigrateAtStart = 'false')],
  'ten days for ten seconds': ['is no TimeSpan', (objects) => (config(objects).Drain__Window = '10')],
  'a truth that is none': ['is no bool', (objects) => (config(objects).Database__MigrateAtStart = 'no')],
  'a list where there is none': ['Public__Url__0', (objects) => (config(objects).Public__Url__0 = 'https://ask.example.org')],
  'a host without its secret': ['does not start without Modules__Users__Secret', (objects) => (hostContainer(objects).env = hostContainer(objects).env.filter(({ name }) => name !== 'Modules__Users__Secret'))],
};
