import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { inClone } from '../../tools/dev/places.mjs';

/** What .env.example asks for, filled in. */
export const example = { POSTGRES_PASSWORD: 'p'.repeat(64), RABBITMQ_PASSWORD: 'r'.repeat(64), MODULAR_SECRET: 's'.repeat(64) };

/** docker-compose.yml as it is read: anchors and merges resolved, variables not. */
export const written = () => parse(readFileSync(inClone('docker-compose.yml'), 'utf8'), { merge: true });

/** docker-compose.yml as docker compose sees it with these variables. */
export const project = (env = example) => interpolate(written(), env);

const placeholder = /\$\{(?<name>\w+)(?:(?<operator>:-|:\?)(?<operand>[^}]*))?\}/g;

export function interpolate(value, env) {
  if (Array.isArray(value)) return value.map((item) => interpolate(item, env));
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolate(item, env)]));
  if (typeof value !== 'string') return value;
  return value.replace(placeholder, (...match) => {
    const { name, operator, operand } = match.at(-1);
    if (env[name]) return env[name];
    if (operator === ':-') return operand;
    throw new Error(operand ?? `${name} is not set and has no default.`);
  });
}

/** Every variable that the file uses: its name, and whether it has to be given. */
export const variables = () =>
  [...JSON.stringify(written()).matchAll(placeholder)].map(({ groups: { name, operator } }) => ({ name, required: operator !== ':-' }));

/** `[name, service]` of everything that runs on, and of what runs once and ends. */
export const isJob = (service) => service.restart === 'no';
export const services = (project) => Object.entries(project.services);
export const replicas = (project) => services(project).filter(([, { command }]) => command?.[0] === 'serve');
