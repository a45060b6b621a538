import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Lifetime } from './lifetime.mjs';
import { inClone } from './places.mjs';
import { freePort } from './ports.mjs';
import { descendants, isAlive } from './processes.mjs';
import { startRabbitMq } from './rabbitmq.mjs';
import { startedOn } from './started.mjs';

const directory = mkdtempSync(join(tmpdir(), 'modular-rabbitmq-'));
const endOf = startedOn(directory);

async function start(...more) {
  const tool = spawn(inClone('dev'), ['rabbitmq', '--data', join(directory, 'data'), ...more], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  const ended = endOf(tool);
  for (const stream of [tool.stdout, tool.stderr]) stream.on('data', (text) => (output += text));
  while (!/rabbitmq ctl .+\n/.test(output)) {
    const code = await Promise.race([once(tool.stdout, 'data').then(() => null), ended]);
    if (code !== null) return { code, output };
  }
  const ctl = (...args) => {
    const { status, stdout, stderr } = spawnSync(/rabbitmq ctl (.+)/.exec(output)[1], args, { encoding: 'utf8' });
    assert.equal(status, 0, stderr + stdout);
    return stdout;
  };
  const [port, pid] = [/127\.0\.0\.1:(\d+)/, /rabbitmq pid (\d+)/].map((line) => Number(line.exec(output)[1]));
  return { tool, ended, output, pid, port, ctl, all: descendants(tool.pid) };
}

async function gone(pids) {
  const deadline = Date.now() + 120_000;
  while (pids.some(isAlive)) {
    if (Date.now() > deadline) assert.fail(`still running: ${pids.filter(isAlive)}`);
    await delay(20);
  }
}

/** Addresses that these processes listen on, as Linux tells them: hexadecimal, IPv4 and IPv6. */
function listening(pids) {
  const theirs = new Set(pids.flatMap((pid) => unlessGone(() => readdirSync(`/proc/${pid}/fd`)).flatMap((fd) => unlessGone(() => readlinkSync(`/proc/${pid}/fd/${fd}`)))));
  return ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && theirs.has(`socket:[${inode}]`))
    .map(([, address]) => address);
}

/** Processes end and files are closed while one looks. */
function unlessGone(read) {
  try {
    return read();
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
    return [];
  }
}

const queues = (broker) => JSON.parse(broker.ctl('--quiet', 'list_queues', 'name', 'durable', '--formatter', 'json'));
const declare = "rabbit_amqqueue:declare(rabbit_misc:r(<<\"/\">>, queue, <<\"kept\">>), true, false, [], none, <<\"test\">>).";

test('a real node starts on loopback only, keeps what it had over kill -9 on the same port, and leaves nothing behind', async () => {
  const first = await start();
  if (process.platform === 'linux') {
    const addresses = listening(first.all);
    assert.ok(addresses.length >= 3, addresses.join()); // AMQP, distribution, epmd
    assert.deepEqual(addresses.filter((address) => !/^(0100007F|0{24}01000000):/.test(address)), []);
  }
  assert.match(first.output, /^rabbitmq ready amqp:\/\/guest:guest@127\.0\.0\.1:\d+\/%2F\nrabbitmq pid \d+\nrabbitmq ctl .+\n$/);
  first.ctl('eval', declare);
  first.ctl('eval', 'dumped = mnesia:dump_log().'); // what was declared in the last seconds is else in the node's memory

  const beside = await start();
  assert.equal(beside.code, 1);
  assert.match(beside.output, /RabbitMQ already runs/);

  process.kill(first.pid, 'SIGKILL');
  assert.equal(await first.ended, 1);
  await gone(first.all);

  const second = await start('--port', String(first.port), '--until-stdin-closes');
  assert.equal(second.port, first.port);
  assert.deepEqual(queues(second), [{ name: 'kept', durable: true }]);
  second.tool.stdin.end();
  assert.equal(await second.ended, 0);
  await gone(second.all);

  const third = await start();
  third.tool.kill('SIGKILL');
  if (process.platform === 'linux') await gone(third.all); // elsewhere nobody tells a child that its parent was killed
  else for (const pid of third.all) process.kill(pid, 'SIGKILL');

  const fourth = await start();
  fourth.tool.kill('SIGTERM');
  assert.equal(await fourth.ended, 0);
  await gone(fourth.all);
});

test('a port that somebody took meanwhile is given up for another one, whatever it was for', async () => {
  const somebody = createServer();
  await new Promise((listening) => somebody.listen(0, '127.0.0.1', listening));
  const { port } = somebody.address();
  const life = new Lifetime();
  try {
    // Three are chosen for each try: for clients, epmd and other nodes.
    const taken = [0, 3 + 1, 6 + 2];
    let picks = 0;
    const broker = await startRabbitMq(life, { data: join(directory, 'ports'), pick: () => (taken.includes(picks++) ? port : freePort()) });
    assert.ok(picks >= 12, String(picks));
    assert.ok(isAlive(broker.pid));
  } finally {
    await life.end();
    somebody.close();
  }
});

test('a directory with something else in it is left alone', async () => {
  writeFileSync(join(directory, 'precious'), '');
  const refused = spawnSync(inClone('dev'), ['rabbitmq', '--data', directory], { encoding: 'utf8' });
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /not a RabbitMQ data directory/);
});
