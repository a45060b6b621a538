import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root as clone } from '../../tools/dev/places.mjs';

/** What the host's code says of itself: its settings with their types, its commands, its health paths, how many modules it has. */
export function hostFacts() {
  const code = sources(join(clone, 'src')).map((file) => readFileSync(file, 'utf8')).join('\n');
  return { settings: settings(code), commands: commands(code), health: health(code), modules: modules(code) };
}

/** `Section:Property` to the property's C# type, for every section that is bound to a class. */
function settings(code) {
  const bound = [
    ...code.matchAll(/AddOptions<(?<type>\w+)>\(\)\s*\.BindConfiguration\("(?<section>[^"]+)"\)/g),
    ...code.matchAll(/AddSettings<(?<type>\w+)>\("(?<section>[^"]+)"\)/g),
  ];
  return new Map(bound.flatMap(({ groups: { type, section } }) => properties(code, type).map(([property, of]) => [`${section}:${property}`, of])));
}

function properties(code, type) {
  const body = new RegExp(`class ${type}\\b[^{;]*\\n\\{(?<body>[\\s\\S]*?)\\n\\}`).exec(code)?.groups.body ?? '';
  return [...body.matchAll(/public (?<of>[\w<>[\]?]+) (?<property>\w+) \{ get; (?:set|init); \}/g)].map(({ groups }) => [groups.property, groups.of]);
}

const commands = (code) => [...code.matchAll(/Command\("(?<name>\w+)",/g)].map(({ groups }) => groups.name);

function health(code) {
  const kinds = [...code.matchAll(/public const string (?<kind>Live|Ready|Started) = "(?<tag>\w+)"/g)];
  return Object.fromEntries(kinds.map(({ groups }) => [groups.kind.toLowerCase(), `/health/${groups.tag}`]));
}

function modules(code) {
  const list = /IReadOnlyList<IModule> Modules\(\) => \[(?<list>[^\]]*)\]/.exec(code)?.groups.list ?? '';
  return list.split('new ').length - 1;
}

const made = new Set(['bin', 'obj', 'node_modules']);

const sources = (directory) =>
  readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return made.has(entry.name) ? [] : sources(path);
    return entry.name.endsWith('.cs') ? [path] : [];
  });
