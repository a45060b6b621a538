import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose } from './suites.mjs';

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
