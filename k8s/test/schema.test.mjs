import assert from 'node:assert/strict';
import { test } from 'node:test';
import { host, hostContainer, ofKind } from './pods.mjs';
import { completedBase, everything } from './render.mjs';
import { schemaErrors, typeErrors } from './schema.mjs';

const rendered = everything();

for (const [name, objects] of rendered) {
  test(`${name} is what Kubernetes' schema says`, async () => assert.deepEqual(await schemaErrors(objects), []));
  test(`${name} has no field that Kubernetes does not know`, () => assert.deepEqual(typeErrors(objects), []));
}

const wrong = (make) => {
  const objects = completedBase();
  make(objects);
  return objects;
};

test('the schema notices a number that is a text', async () => {
  const errors = await schemaErrors(wrong((objects) => (host(objects).object.spec.replicas = 'two')));
  assert.match(errors.join(), /^Deployment\/modular: .*replicas must be integer/);
});

test('the schema notices a missing field', async () => {
  const errors = await schemaErrors(wrong((objects) => delete host(objects).object.spec.selector));
  assert.match(errors.join(), /^Deployment\/modular: .*selector/);
});

test('the types notice a misspelt field', () => {
  const errors = typeErrors(wrong((objects) => {
    hostContainer(objects).readinesProbe = hostContainer(objects).readinessProbe;
    delete hostContainer(objects).readinessProbe;
  }));
  assert.match(errors.join(), /^Deployment\/modular: .*readinesProbe/);
});

test('the types notice a misspelt value', () => {
  assert.match(typeErrors(wrong((objects) => (hostContainer(objects).imagePullPolicy = 'IfNotpresent'))).join(), /IfNotpresent/);
});

test('the types notice a field of another version', () => {
  assert.match(typeErrors(wrong((objects) => (ofKind(objects, 'PodDisruptionBudget')[0].spec.minReadySeconds = 5))).join(), /minReadySeconds/);
});
