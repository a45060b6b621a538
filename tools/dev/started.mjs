import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { after } from 'node:test';

/**
 * For a test file that starts tools on a directory: answers what notes a started child and answers the promise of its exit code.
 * Those that still run when the tests end are asked to, whatever has failed; then the directory goes.
 */
export function startedOn(directory) {
  const started = [];
  after(async () => {
    for (const { tool, ended } of started) {
      tool.kill('SIGTERM'); // no news for one that has ended
      await ended;
    }
    rmSync(directory, { recursive: true, force: true });
  });
  return (tool) => {
    const ended = once(tool, 'close').then(([code]) => code);
    started.push({ tool, ended });
    return ended;
  };
}
