import { host, workload, workloads } from '../pods.mjs';
import { name } from '../render.mjs';

export const about = 'every object says what it is and what it belongs to, in the recommended labels, and lies in the overlay\'s namespace';

const wanted = ['app.kubernetes.io/name', 'app.kubernetes.io/component', 'app.kubernetes.io/part-of'];

export function* violations(objects) {
  for (const object of objects) {
    for (const label of wanted) if (!object.metadata.labels?.[label]) yield `${name(object)}: has no label ${label}`;
    if (object.metadata.labels?.[wanted[2]] !== 'modular') yield `${name(object)}: is not part of modular`;
  }
  for (const { name: who, object, labels, claims } of workloads(objects)) {
    for (const label of wanted) if (labels?.[label] !== object.metadata.labels?.[label]) yield `${who}: its pods have another ${label} than it has`;
    for (const claim of claims) for (const label of wanted) if (claim.metadata.labels?.[label] !== object.metadata.labels?.[label]) yield `${who}: its volumes have another ${label} than it has`;
  }
  const namespaces = new Set(objects.filter(({ kind }) => kind !== 'Namespace').map(({ metadata }) => metadata.namespace));
  if (namespaces.size > 1) yield `the objects lie in several namespaces: ${[...namespaces].join(', ')}`;
  for (const { metadata } of objects.filter(({ kind }) => kind === 'Namespace')) {
    if (!namespaces.has(metadata.name)) yield `Namespace/${metadata.name}: is empty`;
    if (metadata.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted') yield `Namespace/${metadata.name}: does not hold its pods to anything`;
  }
}

const namespace = (objects) => objects.find(({ kind }) => kind === 'Namespace');

export const canaries = {
  'an object without labels': ['has no label app.kubernetes.io/component', (objects) => delete objects.find(({ kind }) => kind === 'Secret').metadata.labels],
  'an object of another product': ['is not part of modular', (objects) => (objects.find(({ kind }) => kind === 'Service').metadata.labels['app.kubernetes.io/part-of'] = 'modula')],
  'pods that are called otherwise': ['its pods have another', (objects) => (host(objects).object.spec.template.metadata.labels['app.kubernetes.io/part-of'] = 'other')],
  'an object in another namespace': ['several namespaces', (objects) => (objects.find(({ kind }) => kind === 'Service').metadata.namespace = 'default')],
  'a namespace without a standard': ['does not hold its pods', (objects) => delete namespace(objects).metadata.labels['pod-security.kubernetes.io/enforce']],
  'volumes that are called otherwise': ['its volumes have another', (objects) => delete workload(objects, 'postgres').claims[0].metadata.labels],
  'an empty namespace': ['is empty', (objects) => (namespace(objects).metadata.name = 'modular')],
};
