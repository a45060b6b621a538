import { services } from '../compose.mjs';

export const about = 'nobody runs as root, writes to its image, gains a right or fills the disk with its log';

export function* violations(project) {
  for (const [name, service] of services(project)) {
    const [user, group] = String(service.user ?? '').split(':').map(Number);
    if (!(user > 0 && group > 0)) yield `${name} may run as root`;
    if (service.image?.startsWith('modular:') && user < 10_000) yield `${name} runs as a user that the machine may have too`;
    if (service.read_only !== true) yield `${name} can write to its image`;
    if (!service.tmpfs?.includes('/tmp')) yield `${name} has no place for temporary files`;
    if (!service.cap_drop?.includes('ALL') || service.cap_add || service.privileged) yield `${name} keeps rights of root`;
    if (!service.security_opt?.includes('no-new-privileges:true')) yield `${name} can gain rights`;
    if (!service.logging?.options?.['max-size']) yield `${name}: its log has no bound`;
  }
}

export const canaries = {
  root: ['nginx may run as root', ({ services }) => delete services.nginx.user],
  'root by number': ['may run as root', ({ services }) => (services.postgres.user = '0:0')],
  "a user's number": ['may have too', ({ services }) => (services.migrate.user = '1000:1000')],
  'an image that can be written to': ['rabbitmq can write', ({ services }) => delete services.rabbitmq.read_only],
  'no temporary files': ['no place for temporary', ({ services }) => delete services['replica-1'].tmpfs],
  'rights of root': ['keeps rights', ({ services }) => (services.nginx.cap_add = ['NET_ADMIN'])],
  'a way to rights': ['can gain rights', ({ services }) => delete services.migrate.security_opt],
  'a log without bound': ['has no bound', ({ services }) => delete services.postgres.logging],
};
