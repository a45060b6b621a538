import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { choose, dotnetProjects, needsBroker } from './suites.mjs';

const suites = ['tools', 'Kernel.Tests', 'Questions.Tests'].map((name) => ({ name }));
const names = (words) => choose(suites, words).chosen.map((suite) => suite.name);

test('without words, every suite runs', () => assert.deepEqual(names([]), ['tools', 'Kernel.Tests', 'Questions.Tests']));
test('a word of a suite chooses it', () => assert.deepEqual(names(['kernel']), ['Kernel.Tests']));
test('a word of no suite is for tests, in all of them', () => {
  assert.deepEqual(choose(suites, ['resume']), { chosen: suites, words: ['resume'] });
});
test('both kinds work together', () => {
  assert.deepEqual(choose(suites, ['Quest', 'vote']), { chosen: [suites[2]], words: ['vote'] });
});

test('a test project is found by its name, wherever it is and whatever lies beside it', () => {
  const clone = mkdtempSync(join(tmpdir(), 'modular-suites-'));
  for (const name of ['Kernel.Tests', 'Testing']) mkdirSync(join(clone, 'tests', name), { recursive: true });
  writeFileSync(join(clone, 'tests/Directory.Build.props'), '');
  writeFileSync(join(clone, 'tests/Kernel.Tests/Modular.Kernel.Tests.csproj'), '');
  writeFileSync(join(clone, 'tests/Testing/Modular.Testing.csproj'), '');
  assert.deepEqual(dotnetProjects(clone).map((suite) => suite.name), ['Kernel.Tests']);
  rmSync(clone, { recursive: true });
});

test('a test project with a directory of Node clients has their packages installed', () => {
  const clone = mkdtempSync(join(tmpdir(), 'modular-suites-'));
  for (const name of ['Cluster.Tests', 'Rooms.Tests']) {
    mkdirSync(join(clone, 'tests', name, 'Clients'), { recursive: true });
    writeFileSync(join(clone, 'tests', name, `${name}.csproj`), '');
  }
  writeFileSync(join(clone, 'tests/Cluster.Tests/Clients/package.json'), '{}');
  assert.deepEqual(dotnetProjects(clone).map(({ name, packages }) => [name, packages]), [['Cluster.Tests', join(clone, 'tests/Cluster.Tests/Clients')], ['Rooms.Tests', null]]);
  rmSync(clone, { recursive: true });
});

test('a suite needs the broker when its sources name one', () => {
  const clone = mkdtempSync(join(tmpdir(), 'modular-suites-'));
  for (const [name, source] of [['Cluster.Tests', 'await TestBroker.CreateAsync()'], ['Rooms.Tests', 'await TestDatabase.CreateAsync()']]) {
    mkdirSync(join(clone, 'tests', name, 'Deep'), { recursive: true });
    writeFileSync(join(clone, 'tests', name, `${name}.csproj`), '');
    writeFileSync(join(clone, 'tests', name, 'Deep', 'A.cs'), source);
  }
  assert.deepEqual(dotnetProjects(clone).filter(needsBroker).map((suite) => suite.name), ['Cluster.Tests']);
  rmSync(clone, { recursive: true });
});
