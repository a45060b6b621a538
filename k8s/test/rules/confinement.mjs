import { allContainers, host, hostContainer, workloads } from '../pods.mjs';

export const about = 'a pod may do nothing that it does not need';

const lowestUser = 10_000;

export function* violations(objects) {
  for (const { name, pod } of workloads(objects)) {
    const context = pod.securityContext ?? {};
    if (context.runAsNonRoot !== true) yield `${name}: may run as root`;
    if (!(context.runAsUser >= lowestUser && context.runAsGroup >= lowestUser)) yield `${name}: its user or group may be one of the node's`;
    if (context.seccompProfile?.type !== 'RuntimeDefault') yield `${name}: any system call is allowed`;
    if (pod.automountServiceAccountToken !== false) yield `${name}: gets a token for the Kubernetes API`;
    if (pod.enableServiceLinks !== false) yield `${name}: gets variables for each Service`;
    for (const right of ['hostNetwork', 'hostPID', 'hostIPC']) if (pod[right]) yield `${name}: has ${right}`;
    for (const volume of pod.volumes ?? []) if (volume.hostPath) yield `${name}: sees ${volume.hostPath.path} of its node`;
    for (const volume of pod.volumes ?? []) if (volume.emptyDir && !volume.emptyDir.sizeLimit) yield `${name}: ${volume.name} may fill its node's disk`;
    for (const container of allContainers(pod)) yield* ofContainer(`${name}: ${container.name}`, container, pod);
  }
}

function* ofContainer(who, { securityContext: context = {}, volumeMounts = [] }, { volumes = [] }) {
  if (context.allowPrivilegeEscalation !== false) yield `${who} may gain rights`;
  if (context.privileged) yield `${who} is privileged`;
  if (context.readOnlyRootFilesystem !== true) yield `${who} may change its own files`;
  if (context.capabilities?.drop?.includes('ALL') !== true || context.capabilities.add) yield `${who} keeps capabilities`;
  for (const field of ['runAsUser', 'runAsGroup', 'runAsNonRoot', 'seccompProfile']) if (field in context) yield `${who} overrides ${field} of its pod`;
  const tmp = volumeMounts.find(({ mountPath }) => mountPath === '/tmp');
  if (!volumes.some((volume) => volume.name === tmp?.name && volume.emptyDir)) yield `${who} has no /tmp to write to`;
}

export const canaries = {
  'a pod that may run as root': ['may run as root', (objects) => delete host(objects).pod.securityContext.runAsNonRoot],
  'a user id of the node': ["one of the node's", (objects) => (host(objects).pod.securityContext.runAsUser = 1000)],
  'a pod without a seccomp profile': ['any system call', (objects) => delete host(objects).pod.securityContext.seccompProfile],
  'a token': ['gets a token', (objects) => delete host(objects).pod.automountServiceAccountToken],
  'service links': ['gets variables', (objects) => delete host(objects).pod.enableServiceLinks],
  'a directory of the node': ['sees /var/run', (objects) => host(objects).pod.volumes.push({ name: 'node', hostPath: { path: '/var/run' } })],
  'an unbounded scratch directory': ["fill its node's disk", (objects) => delete host(objects).pod.volumes[0].emptyDir.sizeLimit],
  'a migration that may write': ['change its own files', (objects) => (host(objects).pod.initContainers[0].securityContext.readOnlyRootFilesystem = false)],
  'privilege escalation': ['may gain rights', (objects) => delete hostContainer(objects).securityContext.allowPrivilegeEscalation],
  'a capability': ['keeps capabilities', (objects) => (hostContainer(objects).securityContext.capabilities.add = ['NET_ADMIN'])],
  'a container that is root after all': ['overrides runAsUser', (objects) => (hostContainer(objects).securityContext.runAsUser = 0)],
  'no /tmp': ['no /tmp', (objects) => (hostContainer(objects).volumeMounts = [])],
  'the network of the node': ['has hostNetwork', (objects) => (host(objects).pod.hostNetwork = true)],
  'a privileged container': ['is privileged', (objects) => (hostContainer(objects).securityContext.privileged = true)],
};
