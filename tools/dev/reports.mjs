import { existsSync, readFileSync } from 'node:fs';

/**
 * One suite's result: counts and `failures: [{ test, message }]`. A suite that ran nothing, left no readable report or
 * ended in an error although each test passed has one failure more: nothing may pass by not running. `trouble` is a
 * sentence on why it could not run to its end, `partial` says that a filter left tests out.
 */
export function judge(report, { code, signal, trouble, partial = false }) {
  const tests = report?.tests ?? [];
  const failures = tests.filter((test) => test.status === 'failed').map(({ name, message }) => ({ test: name, message }));
  const passed = tests.filter((test) => test.status === 'passed').length;
  // With a filter, runners report what it left out as skipped, and a suite may have nothing for it.
  const skipped = partial ? [] : tests.filter((test) => test.status !== 'passed' && test.status !== 'failed').map((test) => test.name);
  failures.push(...(report?.errors ?? []).map((message) => ({ test: '(outside a test)', message })));
  const how = signal ?? `exit code ${code}`;
  if (trouble) failures.push({ test: '(the suite)', message: trouble });
  else if (report === null) failures.push({ test: '(the suite)', message: `ended without a report (${how})` });
  else if (tests.length === 0 && !partial) failures.push({ test: '(the suite)', message: 'ran no test' });
  else if (code !== 0 && failures.length === 0) failures.push({ test: '(the suite)', message: `every test passed, but it ended with ${how}` });
  return { passed, failed: failures.length, skipped: skipped.length, failures, skips: skipped };
}

/** The common test report format (ctrf.io): what xunit.v3's `-ctrf` and node-reporter.mjs write. */
export function readCtrf(path) {
  const results = read(path)?.results;
  if (!Array.isArray(results?.tests)) return null;
  return {
    tests: results.tests.map((test) => ({ name: test.name, status: test.status, message: [test.message, test.trace].filter(Boolean).join('\n') })),
    errors: (results.extra?.suites ?? []).flatMap((suite) => suite.errors ?? []).map((error) => (typeof error === 'string' ? error : (error.message ?? JSON.stringify(error)))),
  };
}

/** What vitest's JSON reporter writes. A file that does not load has a message and no tests. */
export function readVitest(path) {
  const files = read(path)?.testResults;
  if (!Array.isArray(files)) return null;
  return {
    tests: files.flatMap((file) => file.assertionResults).map((test) => ({ name: test.fullName, status: test.status, message: test.failureMessages?.join('\n') })),
    errors: files.filter((file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed')).map((file) => `${file.name}: ${file.message}`),
  };
}

export const counts = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** What the terminal shows at the end; its last line is the sum. */
export function summary(results) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const result of results) for (const key of Object.keys(sum)) sum[key] += result[key];
  const lines = results.flatMap(({ name, failures, skips }) => [
    ...failures.map(({ test, message }) => `FAILED  ${name}: ${test}\n${indent(message)}`),
    ...skips.map((test) => `SKIPPED ${name}: ${test}`),
  ]);
  const good = sum.failed === 0 && sum.skipped === 0 && sum.passed > 0;
  if (results.length === 0 || (sum.passed === 0 && sum.failed === 0)) lines.push('No test ran.');
  return { text: [...lines, counts(sum)].join('\n'), good };
}

const indent = (message) => (message ?? '').trim().split('\n').slice(0, 25).map((line) => `        ${line}`).join('\n');

function read(path) {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null; // cut off: the runner was killed while it wrote
    throw error;
  }
}
