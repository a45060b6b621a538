import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inClone } from './places.mjs';
import { forLater, freePort, isBlocked } from './ports.mjs';

test('a port that browsers refuse is told at once, not after a host that nobody can reach has started', () => {
  const directory = mkdtempSync(join(tmpdir(), 'modular-ports-'));
  const { status, stderr } = spawnSync(inClone('dev'), ['up', '--port', '10080', '--data', join(directory, 'postgres')], { encoding: 'utf8' });
  rmSync(directory, { recursive: true });
  assert.equal(status, 1);
  assert.match(stderr, /Browsers speak to nobody on port 10080\. Choose another one: \.\/dev up --port 10081/);
});

test('what is chosen is a port that a browser would speak to, and in the range asked for', async () => {
  for (const range of [undefined, forLater]) {
    const port = await freePort('127.0.0.1', range);
    assert.equal(await isBlocked(port), false);
    if (range) assert.ok(port >= range[0] && port < range[1], String(port));
  }
});
