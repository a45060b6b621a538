import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { judge, readCtrf, readVitest, summary } from './reports.mjs';

const directory = mkdtempSync(join(tmpdir(), 'modular-reports-'));
after(() => rmSync(directory, { recursive: true }));
const file = (content) => {
  const path = join(directory, 'report.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const passed = { name: 'A_thing_works', status: 'passed' };
const ended = { code: 0, signal: null };
const suite = (report, end = ended) => ({ name: 'S', ...judge(report, end) });

test('passes are summed over suites and the last line says so', () => {
  const { text, good } = summary([suite({ tests: [passed] }), suite({ tests: [passed, passed] })]);
  assert.equal(text.split('\n').at(-1), '3 passed, 0 failed, 0 skipped');
  assert.ok(good);
});

test('a failure is listed with its message before the last line', () => {
  const { text, good } = summary([suite({ tests: [passed, { name: 'Broken', status: 'failed', message: 'expected 1' }] }, { code: 1 })]);
  assert.match(text, /FAILED {2}S: Broken\n +expected 1\n1 passed, 1 failed, 0 skipped$/);
  assert.ok(!good);
});

test('a skip fails the run', () => {
  const { text, good } = summary([suite({ tests: [passed, { name: 'Later', status: 'skipped' }] })]);
  assert.match(text, /SKIPPED S: Later\n1 passed, 0 failed, 1 skipped$/);
  assert.ok(!good);
});

test('with a filter, what it left out is no skip', () => {
  const { good } = summary([suite({ tests: [passed, { name: 'Later', status: 'pending' }] }, { ...ended, partial: true }), suite({ tests: [] }, { ...ended, partial: true })]);
  assert.ok(good);
});

test('a filter that matches nothing fails', () => {
  assert.ok(!summary([suite({ tests: [] }, { ...ended, partial: true })]).good);
});

for (const [what, report, end, why] of [
  ['that ran no test', { tests: [] }, ended, /ran no test/],
  ['without a report', null, { code: null, signal: 'SIGSEGV' }, /without a report \(SIGSEGV\)/],
  ['that ends in an error although every test passed', { tests: [passed] }, { code: 134 }, /exit code 134/],
  ['that could not end', { tests: [passed] }, { code: null, signal: 'SIGTERM', trouble: 'did not end' }, /did not end/],
  ['with an error outside a test', { tests: [passed], errors: ['fixture broke'] }, { code: 1 }, /fixture broke/],
])
  test(`a suite ${what} fails`, () => {
    const result = suite(report, end);
    assert.equal(result.failed, 1);
    assert.match(result.failures[0].message, why);
  });

test("xunit's report is read, with errors outside tests", () => {
  const report = readCtrf(file({ results: { tests: [{ name: 'T.A', status: 'failed', message: 'm', trace: 't' }], extra: { suites: [{ errors: ['e'] }] } } }));
  assert.deepEqual(report, { tests: [{ name: 'T.A', status: 'failed', message: 'm\nt' }], errors: ['e'] });
});

test("vitest's report is read, with files that do not load", () => {
  const report = readVitest(file({
    testResults: [
      { name: 'a.test.ts', status: 'passed', assertionResults: [{ fullName: 'a works', status: 'passed', failureMessages: [] }] },
      { name: 'b.test.ts', status: 'failed', message: 'cannot load', assertionResults: [] },
    ],
  }));
  assert.deepEqual(report.tests.map((found) => found.name), ['a works']);
  assert.deepEqual(report.errors, ['b.test.ts: cannot load']);
});

test('a report cut off or missing is no report', () => {
  assert.equal(readCtrf(file('{"results":{"tests":[{')), null);
  assert.equal(readCtrf(join(directory, 'none.json')), null);
});
