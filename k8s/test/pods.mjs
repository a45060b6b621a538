import { name } from './render.mjs';

/** Everything that makes pods, with its template's spec and labels. */
export const workloads = (objects) =>
  objects
    .filter((object) => object.spec?.template?.spec?.containers)
    .map((object) => ({
      object,
      name: name(object),
      replicas: object.spec.replicas ?? 1,
      labels: object.spec.template.metadata.labels,
      pod: object.spec.template.spec,
      claims: object.spec.volumeClaimTemplates ?? [],
    }));

export const workload = (objects, called) => workloads(objects).find(({ object }) => object.metadata.name === called);

/** Containers that run as long as the pod does; those before them are in initContainers. */
export const serving = (pod) => pod.containers;
export const allContainers = (pod) => [...(pod.initContainers ?? []), ...pod.containers];

export const ofKind = (objects, kind) => objects.filter((object) => object.kind === kind);

/** Whether an equality selector takes an object with these labels. An empty one, which takes all, is no selector here. */
export const selects = (wanted, labels) =>
  Object.keys(wanted ?? {}).length > 0 && Object.entries(wanted).every(([key, value]) => labels?.[key] === value);

/** The product's own workload, whatever an overlay calls it. */
export const host = (objects) => workloads(objects).find(({ labels }) => labels['app.kubernetes.io/name'] === 'modular');
export const hostContainer = (objects) => host(objects).pod.containers[0];

/** A container's environment: what it is given by value, through ConfigMaps and through Secrets. */
export function environment(objects, container) {
  const data = (kind, ref) => {
    const found = objects.find((object) => object.kind === kind && object.metadata.name === ref.name);
    return kind === 'Secret' ? decoded(found) : { ...found?.data };
  };
  const all = Object.assign({}, ...(container.envFrom ?? []).map((from) => (from.configMapRef ? data('ConfigMap', from.configMapRef) : data('Secret', from.secretRef))));
  for (const { name: key, value, valueFrom } of container.env ?? []) {
    if (valueFrom?.secretKeyRef) all[key] = data('Secret', valueFrom.secretKeyRef)[valueFrom.secretKeyRef.key];
    else if (valueFrom?.configMapKeyRef) all[key] = data('ConfigMap', valueFrom.configMapKeyRef)[valueFrom.configMapKeyRef.key];
    else all[key] = value;
  }
  return all;
}

const decoded = (secret) =>
  Object.fromEntries([
    ...Object.entries(secret?.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
    ...Object.entries(secret?.stringData ?? {}),
  ]);
