import { allContainers, host, hostContainer, ofKind, workload, workloads } from '../pods.mjs';

export const about = 'every ConfigMap, Secret, key, volume and account that is named is there';

export function* violations(objects) {
  for (const { name, object, pod, claims } of workloads(objects)) {
    const volumes = [...(pod.volumes ?? []).map((volume) => volume.name), ...claims.map((claim) => claim.metadata.name)];
    for (const { who, kind, ref, key, optional } of namedBy(name, pod)) {
      const found = ofKind(objects, kind).find(({ metadata }) => metadata.name === ref);
      if (!found) yield `${who} names ${kind}/${ref}, which is not there`;
      else if (key && !optional && !(key in { ...found.data, ...found.stringData })) yield `${who} names ${key}, which ${kind}/${ref} does not have`;
    }
    for (const container of allContainers(pod)) {
      for (const mount of container.volumeMounts ?? []) if (!volumes.includes(mount.name)) yield `${name}: ${container.name} mounts ${mount.name}, which is no volume`;
    }
    for (const volume of volumes) if (!allContainers(pod).some(({ volumeMounts = [] }) => volumeMounts.some((mount) => mount.name === volume))) yield `${name}: nobody mounts ${volume}`;
    if (pod.serviceAccountName && !ofKind(objects, 'ServiceAccount').some(({ metadata }) => metadata.name === pod.serviceAccountName)) yield `${name}: its account is not there`;
    if (object.kind === 'StatefulSet' && !ofKind(objects, 'Service').some(({ metadata }) => metadata.name === object.spec.serviceName)) yield `${name}: its Service is not there`;
  }
}

function* namedBy(name, pod) {
  for (const container of allContainers(pod)) {
    const who = `${name}: ${container.name}`;
    for (const { configMapRef, secretRef } of container.envFrom ?? []) yield { who, kind: configMapRef ? 'ConfigMap' : 'Secret', ref: (configMapRef ?? secretRef).name };
    for (const { valueFrom: { configMapKeyRef, secretKeyRef } = {} } of container.env ?? []) {
      if (configMapKeyRef) yield { who, kind: 'ConfigMap', ref: configMapKeyRef.name, key: configMapKeyRef.key };
      if (secretKeyRef) yield { who, kind: 'Secret', ref: secretKeyRef.name, key: secretKeyRef.key, optional: secretKeyRef.optional };
    }
    for (const { name: volume, subPath } of container.volumeMounts ?? []) {
      const source = (pod.volumes ?? []).find((each) => each.name === volume);
      if (source?.configMap) yield { who, kind: 'ConfigMap', ref: source.configMap.name, key: subPath };
      if (source?.secret) yield { who, kind: 'Secret', ref: source.secret.secretName, key: subPath };
    }
  }
}

export const canaries = {
  'a ConfigMap that is not there': ['ConfigMap/modular-conf, which is not there', (objects) => (hostContainer(objects).envFrom[0].configMapRef.name = 'modular-conf')],
  'a key that a Secret does not have': ['names Database__Connection, which', (objects) => (hostContainer(objects).env[0].valueFrom.secretKeyRef.key = 'Database__Connection')],
  'a file that a ConfigMap does not have': ['names rabbit.conf', (objects) => (workload(objects, 'rabbitmq').pod.containers[0].volumeMounts.find(({ subPath }) => subPath).subPath = 'rabbit.conf')],
  'a mount of nothing': ['which is no volume', (objects) => (hostContainer(objects).volumeMounts[0].name = 'temp')],
  'an account that is not there': ['its account is not there', (objects) => (host(objects).pod.serviceAccountName = 'modula')],
  'a StatefulSet without its Service': ['its Service is not there', (objects) => (workload(objects, 'postgres').object.spec.serviceName = 'pg')],
  'a volume for nobody': ['nobody mounts scratch', (objects) => host(objects).pod.volumes.push({ name: 'scratch', emptyDir: {} })],
};
