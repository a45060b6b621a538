import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Lifetime } from './lifetime.mjs';
import { descendants, isAlive } from './processes.mjs';

async function gone(pids) {
  const deadline = Date.now() + 30_000;
  while (pids.some(isAlive)) {
    if (Date.now() > deadline) assert.fail(`still running: ${pids.filter(isAlive)}`);
    await delay(10);
  }
}

/** A shell that has started a child of its own and says so. */
async function family(life, script, options) {
  const child = life.spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'], ...options });
  await once(child.stdout, 'data');
  return { child, pids: [child.pid, ...descendants(child.pid)] };
}

test('the end of a command ends whole trees', async () => {
  const life = new Lifetime();
  const { pids } = await family(life, 'sleep 60 & echo started; wait');
  assert.ok(pids.length > 1);
  await life.end();
  await gone(pids);
});

test('one that does not listen is killed when its time is over', async () => {
  const life = new Lifetime();
  const { pids } = await family(life, 'trap "" TERM; sleep 60 & echo started; wait; wait', { stop: [['SIGTERM', 50], ['SIGKILL', 5_000]] });
  await life.end();
  await gone(pids);
});

test('the youngest ends first', async () => {
  const life = new Lifetime();
  const order = [];
  life.onEnd(() => order.push('first'));
  life.onEnd(() => order.push('second'));
  await life.end();
  assert.deepEqual(order, ['second', 'first']);
});

test('nothing starts any more in a command that ends', async () => {
  const life = new Lifetime();
  await life.end();
  assert.throws(() => life.spawn('true', []), /stopping/);
});
