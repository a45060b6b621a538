import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { name } from './render.mjs';

const modules = dirname(dirname(createRequire(import.meta.url).resolve('typescript/package.json')));

const typeOf = ({ apiVersion, kind }) => `kubernetes-models/${apiVersion}/${kind}`;

/** What Kubernetes' schema says of each object: wrong types, missing fields, values out of range. */
export async function schemaErrors(objects) {
  const errors = await Promise.all(objects.map(async (object) => {
    const { [object.kind]: Model } = await import(typeOf(object));
    try {
      new Model(object).validate();
      return [];
    } catch (wrong) {
      return [`${name(object)}: ${wrong.message}`];
    }
  }));
  return errors.flat();
}

/**
 * What the compiler says of the objects as literals of Kubernetes' types. The schema lets fields pass that it does not
 * know; a literal does not, as the server does not: a misspelt readinessProbe is no probe.
 */
export function typeErrors(objects) {
  const cache = join(modules, '.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'objects-')); // there, so that the compiler finds the types
  try {
    const literals = objects.map((object, index) =>
      `import type { I${object.kind} as T${index} } from '${typeOf(object)}';\nexport const o${index}: T${index} = ${JSON.stringify(object)};\n`);
    literals.forEach((text, index) => writeFileSync(join(directory, `o${index}.ts`), text));
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({
      compilerOptions: { strict: true, noEmit: true, skipLibCheck: true, module: 'nodenext', types: [] },
    }));
    execFileSync(process.execPath, [join(modules, 'typescript/bin/tsc'), '--project', directory, '--pretty', 'false'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return [];
  } catch (wrong) {
    if (typeof wrong.stdout !== 'string' || wrong.stdout === '') throw wrong;
    return wrong.stdout.trim().split('\n').map((line) => line.replace(/^.*?o(\d+)\.ts\(\d+,\d+\)/, (_, index) => name(objects[index])));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
