import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allContainers, host, workloads } from './pods.mjs';
import { completedBase, name, overlays, render } from './render.mjs';
import { violations } from './rules/references.mjs';

test('the base demands one Secret and an image, and has everything else', () => {
  const base = render('base');
  const missing = new Set([...violations(base)].map((line) => /names (\S+), which is not there/.exec(line)?.[1] ?? line));
  assert.deepEqual([...missing], ['Secret/modular-secrets']);
  assert.deepEqual([...new Set(allContainers(host(base).pod).map(({ image }) => image))], ['modular']);
  assert.deepEqual([...violations(completedBase())], []);
});

test('the base has no secret in it', () => {
  assert.deepEqual(render('base').filter(({ kind }) => kind === 'Secret').map(name), []);
});

test('the local overlay brings a database and a broker and says that its secrets are for it alone', () => {
  const local = render('overlays/local');
  assert.ok(overlays().includes('overlays/local'));
  assert.deepEqual(workloads(local).map((each) => each.name).sort(), ['Deployment/modular', 'StatefulSet/postgres', 'StatefulSet/rabbitmq']);
  for (const secret of local.filter(({ kind }) => kind === 'Secret')) assert.equal(secret.metadata.annotations['modular/for'], 'local use only', name(secret));
});

test('the local overlay takes its image from the cluster alone', () => {
  for (const { imagePullPolicy } of allContainers(host(render('overlays/local')).pod)) assert.equal(imagePullPolicy, 'Never');
});

test('what a pod reads is named by its content, so that a change is a rollout', () => {
  for (const { kind, metadata } of render('overlays/local').filter((object) => ['ConfigMap', 'Secret'].includes(object.kind))) {
    assert.match(metadata.name, /-[a-z0-9]{10}$/, kind);
  }
});
