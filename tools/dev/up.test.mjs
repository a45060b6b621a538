import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inClone } from './places.mjs';
import { forLater, freePort, isFree } from './ports.mjs';
import { descendants, isAlive } from './processes.mjs';
import { startedOn } from './started.mjs';

const directory = mkdtempSync(join(tmpdir(), 'modular-up-'));
const endOf = startedOn(directory);

async function neighbours(count) {
  for (;;) {
    const first = await freePort('127.0.0.1', forLater);
    const free = await Promise.all(Array.from({ length: count }, (_, i) => first + i < 65536 && isFree(first + i, '127.0.0.1')));
    if (free.every(Boolean)) return first;
  }
}

async function up() {
  const port = await neighbours(3);
  const tool = spawn(inClone('dev'), ['up', '--replicas', '2', '--release', '--port', String(port), '--data', join(directory, 'postgres')], { stdio: ['ignore', 'pipe', 'pipe'] });
  const it = { tool, port, output: '', ended: endOf(tool) };
  for (const stream of [tool.stdout, tool.stderr]) stream.on('data', (text) => (it.output += text));
  await says(it, /replica 2: .+\n/, 400);
  it.all = descendants(tool.pid);
  it.replicas = [1, 2].map((i) => Number(new RegExp(`  replica ${i}: http://127\\.0\\.0\\.1:${port + i} \\(process (\\d+)\\)`).exec(it.output)[1]));
  return it;
}

async function says(it, what, seconds) {
  const deadline = Date.now() + seconds * 1000;
  while (!what.test(it.output)) {
    if (it.tool.exitCode !== null || Date.now() > deadline) assert.fail(`it never said ${what}:\n${it.output}`);
    await delay(50);
  }
}

async function gone(pids) {
  const deadline = Date.now() + 60_000;
  while (pids.some(isAlive)) {
    if (Date.now() > deadline) assert.fail(`still running: ${pids.filter(isAlive)}`);
    await delay(20);
  }
}

const at = (port) => `http://127.0.0.1:${port}/api/questions`;
const bodies = async (port) => (await (await fetch(at(port))).json()).items.map((item) => item.body).sort();
const post = async (port, body) => (await fetch(at(port), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ body }) })).status;

test('two replicas serve as one, one of them alone, and what they took is there at the next start', async () => {
  const first = await up();
  assert.match(first.output, new RegExp(`\nready http://127\\.0\\.0\\.1:${first.port}\n`));
  assert.equal(await post(first.port, 'Of both?'), 201);
  for (const port of [first.port, first.port + 1, first.port + 2]) assert.deepEqual(await bodies(port), ['Of both?']);

  process.kill(first.replicas[0], 'SIGKILL');
  await says(first, /replica 1 \(.+\) ended by itself \(SIGKILL\); 1 of 2 left/, 60);
  for (let i = 0; i < 10; i++) assert.equal(await post(first.port, `Of one? ${i}`), 201);
  first.tool.kill('SIGINT');
  assert.equal(await first.ended, 0, first.output);
  assert.doesNotMatch(first.output, /0 of 2 left/);
  await gone(first.all);

  const second = await up();
  assert.equal((await bodies(second.port)).length, 11);
  for (const pid of second.replicas) process.kill(pid, 'SIGKILL');
  assert.equal(await second.ended, 1, second.output);
  assert.match(second.output, /The last replica has ended\.\n$/);
  await gone(second.all);
});

test('a port after which there is none for a replica is refused', () => {
  const refused = spawnSync(inClone('dev'), ['up', '--replicas', '9', '--port', '65530'], { encoding: 'utf8' });
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /--port may be at most 65526/);
});
