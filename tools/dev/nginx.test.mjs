import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isReady } from './hosts.mjs';
import { Lifetime } from './lifetime.mjs';
import { fill, findNginx, startNginx } from './nginx.mjs';
import { freePort } from './ports.mjs';

/** nginx before two replicas that answer as the test says: `answer(request, response or socket, replica)`. */
async function balance(t, answer = (_, response) => response.end('ok'), how = {}) {
  const life = new Lifetime();
  const directory = mkdtempSync(join(tmpdir(), 'modular-nginx-'));
  const asked = [];
  const servers = ['a', 'b'].map((name) => replica(name, asked, answer));
  t.after(async () => {
    await life.end();
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    rmSync(directory, { recursive: true, force: true });
  });
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const port = await freePort();
  const { child, data } = await startNginx(life, { data: directory, host: '127.0.0.1', port, ports: servers.map((server) => server.address().port), ...how });
  await isReady(`http://127.0.0.1:${port}/health/ready`, child.ended.then(() => assert.fail(readFileSync(join(data, 'error.log'), 'utf8'))));
  return { port, asked, data, ask: (path, how) => fetch(`http://127.0.0.1:${port}${path}`, how) };
}

function replica(name, asked, answer) {
  const note = (request) => asked.push({ name, headers: request.headers });
  const server = createServer((request, response) => {
    if (request.url === '/health/ready') return response.end('ok');
    note(request);
    request.resume().on('end', () => answer(request, response, name));
  });
  server.on('upgrade', (request, socket) => {
    note(request);
    answer(request, socket, name);
  });
  server.keepAliveTimeout = 0; // nginx keeps connections, and none may close under it while a test is held up
  return server.listen(0, '127.0.0.1');
}

/** An answer that the first replica asked refuses in a way, and the other gives. */
function firstRefuses(refuse, give) {
  let first;
  return (_, response, name) => ((first ??= name) === name ? refuse(response) : give(response));
}

test('a replica hears who asked, and nothing that the asker says of it', async (t) => {
  const { port, ask, asked } = await balance(t);
  await ask('/api/questions', { headers: { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example', 'x-request-id': 'mine' } });
  const { headers } = asked[0];
  assert.equal(headers['x-forwarded-for'], '127.0.0.1');
  assert.equal(headers['x-forwarded-proto'], 'http');
  assert.equal(headers['x-forwarded-host'], `127.0.0.1:${port}`);
  assert.equal(headers.host, `127.0.0.1:${port}`);
  assert.equal(headers['x-request-id'], 'mine');
  assert.notEqual(headers.connection, 'close'); // the connection to it is kept
});

test('a write that reached a replica is not sent to another, and its loss is told as such', async (t) => {
  const { ask, asked } = await balance(t, (_, response) => response.destroy());
  const lost = await ask('/api/questions', { method: 'POST', body: '{}', headers: { 'x-request-id': '"no"' } });
  assert.equal(asked.length, 1);
  assert.equal(lost.status, 503);
  assert.equal(lost.headers.get('content-type'), 'application/problem+json');
  const problem = await lost.json();
  assert.equal(problem.type, 'urn:modular:outcome-unknown');
  assert.match(problem.requestId, /^[0-9a-f]{32}$/);
  assert.equal(problem.requestId, lost.headers.get('x-request-id'));
});

test('a read that a dying replica does not answer is put to the other', async (t) => {
  const { ask, asked } = await balance(t, firstRefuses((response) => response.destroy(), (response) => response.end('from the other')));
  assert.equal(await (await ask('/api/questions')).text(), 'from the other');
  assert.equal(asked.length, 2);
});

test('a reader whom no replica answers is told to come again', async (t) => {
  const { ask } = await balance(t, (_, response) => response.destroy());
  const problem = await (await ask('/api/questions')).json();
  assert.equal(problem.type, 'urn:modular:unavailable');
  assert.deepEqual(problem.errors, [problem.detail]);
});

for (const path of ['/hub', '/ws/questions'])
  test(`a socket at ${path} is upgraded by the replica that takes it`, async (t) => {
    const { port, asked } = await balance(t, firstRefuses(
      (socket) => socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n'),
      (socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello'),
    ));
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n`);
    let text = '';
    socket.on('data', (data) => (text += data).endsWith('hello') && socket.destroy()).setTimeout(30_000, () => socket.destroy());
    await once(socket, 'close');
    assert.match(text, /^HTTP\/1\.1 101 [\s\S]+hello$/);
    assert.deepEqual(asked.map(({ headers }) => headers.upgrade), ['websocket', 'websocket']);
  });

test('server-sent events arrive one by one', async (t) => {
  let goOn;
  const { port } = await balance(t, (_, response) => {
    response.useChunkedEncodingByDefault = false; // nginx does not hold chunks back, whatever it is told
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\n');
    goOn = () => response.write('data: 2\n\n');
  });
  const [response] = await once(request({ port, host: '127.0.0.1', path: '/api/notifications/sse' }).end(), 'response');
  assert.equal(String((await once(response, 'data'))[0]), 'data: 1\n\n');
  goOn();
  assert.equal(String((await once(response, 'data', { signal: AbortSignal.timeout(30_000) }))[0]), 'data: 2\n\n');
});

test('what is too large is for the replicas to say, up to more than they take', async (t) => {
  const { ask, asked } = await balance(t);
  assert.equal((await ask('/api/questions', { method: 'POST', body: 'x'.repeat(2_500_000) })).status, 200);
  assert.equal((await ask('/api/questions', { method: 'POST', body: 'x'.repeat(3_500_000) })).status, 413);
  assert.equal(asked.length, 1);
});

test('no log has a query, also not of a request that no replica answered', async (t) => {
  const { ask, data } = await balance(t, (incoming, response) => (incoming.method === 'GET' ? response.end('ok') : response.destroy()));
  await ask('/api/rooms?access_token=hush');
  await ask('/api/rooms?access_token=hush', { method: 'POST' });
  const read = (name) => readFileSync(join(data, name), 'utf8');
  const deadline = Date.now() + 30_000;
  while (read('access.log').split('/api/rooms').length < 3 && Date.now() < deadline) await delay(10);
  const lines = read('access.log').trim().split('\n').map((line) => JSON.parse(line)).filter(({ path }) => path === '/api/rooms');
  assert.deepEqual(lines.map(({ status, replicaStatus }) => [status, replicaStatus]), [[200, '200'], [503, '502']]);
  assert.doesNotMatch(read('access.log') + read('error.log'), /hush/);
});

test('a proxy before this one is believed when it is named', async (t) => {
  const { ask, asked } = await balance(t, undefined, { front: '127.0.0.1' });
  await ask('/api/questions', { headers: { 'x-forwarded-for': '1.1.1.1, 6.6.6.6', 'x-forwarded-proto': 'https' } });
  assert.equal(asked[0].headers['x-forwarded-for'], '6.6.6.6');
  assert.equal(asked[0].headers['x-forwarded-proto'], 'https');
});

test('a placeholder that nobody fills is an error', () => {
  assert.equal(fill('a ${MODULAR_RUN} $host', { MODULAR_RUN: 'b' }), 'a b $host');
  assert.throws(() => fill('${MODULAR_OTHER}', {}), /MODULAR_OTHER/);
});

const find = (env, more = {}) => findNginx(null, { env, usual: [], mayInstall: () => false, ...more });
test('nginx comes from MODULAR_NGINX, PATH, or where it usually is', async () => {
  assert.equal(await find({ MODULAR_NGINX: process.execPath, PATH: '' }), process.execPath);
  const bin = mkdtempSync(join(tmpdir(), 'modular-nginx-'));
  writeFileSync(join(bin, 'nginx'), '');
  assert.equal(await find({ PATH: bin }), join(bin, 'nginx'));
  assert.equal(await find({ PATH: '' }, { usual: [bin] }), join(bin, 'nginx'));
  rmSync(bin, { recursive: true });
  await assert.rejects(find({ PATH: '' }), /apt-get install nginx/);
  await assert.rejects(find({ MODULAR_NGINX: '/nowhere' }), /MODULAR_NGINX/);
});
