import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { dotnetEnv } from '../../tools/dev/dotnet.mjs';
import { Lifetime } from '../../tools/dev/lifetime.mjs';
import { own, root } from '../../tools/dev/places.mjs';
import { forLater, freePort } from '../../tools/dev/ports.mjs';
import { startPostgres } from '../../tools/dev/postgres.mjs';
import { startRabbitMq } from '../../tools/dev/rabbitmq.mjs';
import { follow, step } from '../../tools/dev/steps.mjs';
import { buildWeb } from '../../tools/dev/web.mjs';
import { project } from './compose.mjs';
import { stages } from './dockerfile.mjs';
import { sandbox } from './sandbox.mjs';

const life = new Lifetime();
const data = mkdtempSync(join(tmpdir(), 'modular-container-'));
const app = own('published');
// The commit that a build here stamps anyway, so that what is built already need not be built anew.
const commit = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout?.trim() || '0123abc';
const temporary = join(data, 'tmp');
const replica = project().services['replica-1'];
let box;
let environment;

before(async () => {
  await buildWeb(life);
  rmSync(app, { recursive: true, force: true });
  mkdirSync(app, { recursive: true });
  const publish = stages()[1].steps.find(({ value }) => value.startsWith('dotnet publish')).value.replace('--output /app', `--output ${app}`).replace('${COMMIT}', commit);
  const [command, ...args] = publish.split(' ');
  const serving = Promise.all([startPostgres(life, { data: join(data, 'postgres') }), startRabbitMq(life, { data: join(data, 'rabbitmq') })]);
  serving.catch(() => {}); // awaited below
  await step(life, 'Publish as the Dockerfile does', command, args, { cwd: root, env: dotnetEnv });
  const [postgres, broker] = await serving;
  box = sandbox(app);
  chmodSync(data, 0o711);
  mkdirSync(temporary);
  chmodSync(temporary, 0o1777);
  environment = {
    ...replica.environment,
    Database__ConnectionString: postgres.connection,
    Bus__Url: broker.url,
    ASPNETCORE_HTTP_PORTS: String(await freePort('127.0.0.1', forLater)),
    Drain__Grace: '00:00:00',
    Drain__Window: '00:00:00',
    ...(box.walled ? {} : { TMPDIR: temporary }),
  };
});
after(async () => {
  await life.end();
  spawnSync('chmod', ['-R', 'u+w', app]);
  for (const made of [app, data]) rmSync(made, { recursive: true, force: true });
});

const settings = () => Object.entries(environment).map(([name, value]) => `${name}=${value}`);
const command = (...args) => [...box.prefix, ...args];
function run(...args) {
  const [program, ...rest] = command(...args);
  return spawnSync(program, rest, { encoding: 'utf8' });
}
const host = (...args) => run(...settings(), `${box.place}/host`, ...args);

test('the box is closed: another user, nothing to write to but /tmp', (t) => {
  t.diagnostic(`the published program runs ${box.how}`);
  const writes = (path) => run('touch', path).status === 0;
  assert.ok(!writes(`${box.place}/written`));
  if (!box.walled) return;
  assert.equal(run('id', '-u').stdout.trim(), replica.user.split(':')[0]);
  assert.ok(writes('/tmp/written'));
  for (const place of [root, '/var/tmp', '/']) assert.ok(!writes(join(place, 'written')), place);
});

test('the published program tells its version and commit', () => assert.equal(host('version').stdout.trim(), `modular 0.1.0 ${commit}`));

test('it migrates, serves page and questions, tells its health, and leaves when asked to', async () => {
  const migrated = host('migrate');
  assert.equal(migrated.status, 0, migrated.stderr + migrated.stdout);

  const early = host('probe');
  assert.equal(early.status, 1);
  assert.match(early.stderr, /Nothing answers on port \d+/);

  const [program, ...rest] = command(...settings(), `${box.place}/host`, 'serve');
  const child = life.spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], stop: [['SIGTERM', 60_000], ['SIGKILL', 5_000]] });
  let log = '';
  follow(child, (text) => (log += text));
  const deadline = Date.now() + 180_000;
  while (host('probe').status !== 0) {
    if (child.exitCode !== null || Date.now() > deadline) assert.fail(log);
    await delay(100);
  }

  const address = `http://127.0.0.1:${environment.ASPNETCORE_HTTP_PORTS}`;
  assert.match(await (await fetch(address)).text(), /<script/);
  const asked = await fetch(`${address}/api/questions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"body":"From a container?"}' });
  assert.equal(asked.status, 201);
  const large = await fetch(`${address}/api/questions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ body: 'x'.repeat(2_000_000) }) });
  assert.equal(large.status, 413);

  await life.stop(child, [['SIGTERM', 60_000]]);
  assert.deepEqual(await child.ended, { code: 0, signal: null }, log);
});
