/** Reporter for `node --test`: writes what readCtrf reads. Only leaves count, as in the other runners. */
export default async function* report(source) {
  const tests = [];
  for await (const { type, data } of source) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite') continue;
    const status = data.skip !== undefined || data.todo !== undefined ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
    const error = data.details?.error;
    tests.push({ name: data.name, status, message: String(error?.cause?.stack ?? error?.cause ?? error ?? '') });
  }
  yield JSON.stringify({ results: { tests } });
}
