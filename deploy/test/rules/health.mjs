import { isJob, services } from '../compose.mjs';

export const about = 'whatever runs on says how it is, and nothing starts before what it needs is there';

export function* violations(project) {
  for (const [name, service] of services(project)) {
    const { healthcheck, depends_on: needs = {} } = service;
    if (!isJob(service) && !healthcheck) yield `${name} has no health check`;
    if (healthcheck && !Array.isArray(healthcheck.test)) yield `${name}: a health check in a text needs a shell`;
    if (healthcheck && !['interval', 'timeout', 'retries', 'start_period'].every((key) => key in healthcheck)) yield `${name}: its health check leaves times to chance`;
    if (Array.isArray(needs)) yield `${name} waits for containers, not for what is in them`;
    else for (const [needed, { condition }] of Object.entries(needs)) {
      const other = project.services[needed];
      if (!other) yield `${name} waits for ${needed}, which there is not`;
      else if (condition !== (isJob(other) ? 'service_completed_successfully' : 'service_healthy')) yield `${name} does not wait until ${needed} has ${isJob(other) ? 'ended well' : 'become healthy'}`;
    }
  }
}

export const canaries = {
  'a service without a health check': ['postgres has no health check', ({ services }) => delete services.postgres.healthcheck],
  'a health check without its times': ['leaves times to chance', ({ services }) => delete services.nginx.healthcheck.start_period],
  'a health check for a shell': ['needs a shell', ({ services }) => (services['replica-1'].healthcheck.test = '/app/host probe')],
  'a list of what is needed': ['waits for containers', ({ services }) => (services.nginx.depends_on = ['replica-1'])],
  'somebody who does not wait for the migration': ['migrate has ended well', ({ services }) => (services['replica-2'].depends_on.migrate.condition = 'service_started')],
  'somebody who does not wait for the database': ['postgres has become healthy', ({ services }) => (services.migrate.depends_on.postgres.condition = 'service_started')],
  'a name that is none': ['which there is not', ({ services }) => (services.nginx.depends_on.redis = { condition: 'service_healthy' })],
};
