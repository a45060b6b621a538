import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inClone } from './places.mjs';
import { startedOn } from './started.mjs';

const directory = mkdtempSync(join(tmpdir(), 'modular-postgres-'));
const endOf = startedOn(directory);

async function start(...more) {
  const tool = spawn(inClone('dev'), ['postgres', '--data', join(directory, 'data'), ...more], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  const ended = endOf(tool);
  for (const stream of [tool.stdout, tool.stderr]) stream.on('data', (text) => (output += text));
  while (!/postgres pid \d+\n/.test(output)) {
    const code = await Promise.race([once(tool.stdout, 'data').then(() => null), ended]);
    if (code !== null) return { code, output };
  }
  return { tool, ended, output, pid: Number(/postgres pid (\d+)/.exec(output)[1]), port: Number(/Port=(\d+)/.exec(output)[1]) };
}

test('a real server starts, survives kill -9 on the same port, and stops when told', async () => {
  const first = await start();
  assert.match(first.output, /^postgres ready Host=127\.0\.0\.1;Port=\d+;Username=modular;Database=modular\npostgres pid \d+\n$/);

  const beside = await start();
  assert.equal(beside.code, 1);
  assert.match(beside.output, /already runs/);

  process.kill(first.pid, 'SIGKILL');
  assert.equal(await first.ended, 1);

  const second = await start('--port', String(first.port), '--until-stdin-closes');
  assert.equal(second.port, first.port);
  second.tool.stdin.end();
  assert.equal(await second.ended, 0);

  const third = await start();
  third.tool.kill('SIGTERM');
  assert.equal(await third.ended, 0);
});
