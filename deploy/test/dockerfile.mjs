import { existsSync, readFileSync } from 'node:fs';
import { inClone } from '../../tools/dev/places.mjs';

/** The Dockerfile's stages: `{ name, image, steps: [{ instruction, value, from }] }`. */
export function stages(text = readFileSync(inClone('Dockerfile'), 'utf8')) {
  const lines = text.replace(/\\\n/g, ' ').split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const found = [];
  for (const line of lines) {
    const [, instruction, rest] = /^(\w+)\s+(.*)$/.exec(line);
    if (instruction === 'FROM') {
      const [image, , name] = rest.split(/\s+/);
      found.push({ name, image, steps: [] });
    } else {
      const from = /^--from=(\S+)\s+/.exec(rest);
      found.at(-1).steps.push({ instruction, value: from ? rest.slice(from[0].length) : rest, from: from?.[1] });
    }
  }
  return found;
}

export const last = (stage, instruction) => stage.steps.findLast((step) => step.instruction === instruction)?.value;

/** Whether .dockerignore keeps a path of the clone out of the build: the last pattern that fits decides. */
export function isIgnored(path, text = readFileSync(inClone('.dockerignore'), 'utf8')) {
  const patterns = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  let ignored = false;
  for (const pattern of patterns) {
    const keeps = pattern.startsWith('!');
    const glob = pattern.replace('!', '').replace(/[.+]/g, '\\$&').replace(/\*\*\//g, '(.*/)?').replace(/(?<![.)])\*/g, '[^/]*');
    // What lies below a directory that fits goes with it.
    if (new RegExp(`^${glob}(/.*)?$`).test(path)) ignored = !keeps;
  }
  return ignored;
}

/** What is wrong with what the stages take from the clone and from each other. */
export function* violations(all = stages()) {
  const [names, final] = [all.map(({ name }) => name), all.at(-1)];
  for (const { name = 'the image', image, steps } of all) {
    if (!/:\d+\.\d+[^:]*$/.test(image)) yield `${name}: ${image} is not pinned`;
    for (const { instruction, value, from } of steps) {
      if (instruction === 'HEALTHCHECK') yield 'a health check is for whoever runs the image';
      if (instruction !== 'COPY') continue;
      const sources = value.split(/\s+/).slice(0, -1);
      if (from !== undefined && !names.slice(0, names.indexOf(name)).includes(from)) yield `${name} copies from ${from}, which is no earlier stage`;
      if (from !== undefined) continue;
      for (const source of sources) {
        if (!existsSync(inClone(source))) yield `${name} copies ${source}, which does not exist`;
        else if (isIgnored(source)) yield `${name} copies ${source}, which .dockerignore keeps out`;
      }
    }
  }
  const [user, group] = (last(final, 'USER') ?? '').split(':').map(Number);
  if (!(user >= 10_000 && group >= 10_000)) yield `the image runs as ${last(final, 'USER')}`;
  if (last(final, 'STOPSIGNAL') !== 'SIGTERM') yield 'the host drains on SIGTERM, and another signal is sent';
  if (last(final, 'ENTRYPOINT') !== '["./host"]' || last(final, 'CMD') !== '["serve"]') yield 'the image does not serve by itself';
}
