import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Lifetime } from '../../tools/dev/lifetime.mjs';
import { fill, findNginx } from '../../tools/dev/nginx.mjs';
import { inClone } from '../../tools/dev/places.mjs';
import { freePort } from '../../tools/dev/ports.mjs';
import { project } from './compose.mjs';

const { environment, volumes, command } = project().services.nginx;
const template = readFileSync(inClone('deploy/nginx.conf.template'), 'utf8');
const placeholders = [...new Set([...template.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name))].sort();

test('the container is given every placeholder of the template, and nothing that is none', () => {
  assert.deepEqual(Object.keys(environment).filter((name) => name.startsWith('MODULAR_')).sort(), placeholders);
});

test("the image's own step fills it in, without touching nginx's variables", () => {
  const filter = new RegExp(environment.NGINX_ENVSUBST_FILTER);
  assert.ok(placeholders.every((name) => filter.test(name)));
  const [source, target] = volumes[0].split(':');
  assert.equal(inClone(source), inClone('deploy/nginx.conf.template'));
  const made = `${environment.NGINX_ENVSUBST_OUTPUT_DIR}/${target.replace('/etc/nginx/templates/', '').replace('.template', '')}`;
  assert.equal(command[command.indexOf('-c') + 1], made);
});

test('nginx takes the template as the container fills it in', async (t) => {
  const life = new Lifetime();
  const nginx = await findNginx(life);
  await life.end();
  const run = mkdtempSync(join(tmpdir(), 'modular-nginx-'));
  t.after(() => rmSync(run, { recursive: true }));
  const here = { MODULAR_LISTEN: `127.0.0.1:${await freePort()}`, MODULAR_RUN: run, MODULAR_LOG: join(run, 'access.log') };
  const file = join(run, 'nginx.conf');
  const check = (text) => {
    writeFileSync(file, text);
    return spawnSync(nginx, ['-t', '-e', 'stderr', '-p', run, '-c', file], { encoding: 'utf8' });
  };
  const good = check(fill(template, { ...environment, ...here }));
  assert.equal(good.status, 0, good.stderr);
  assert.notEqual(check(fill(template, { ...environment, ...here, MODULAR_SERVERS: 'server' })).status, 0);
});
