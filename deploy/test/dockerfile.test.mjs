import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inClone } from '../../tools/dev/places.mjs';
import { project } from './compose.mjs';
import { isIgnored, last, stages, violations } from './dockerfile.mjs';

const text = readFileSync(inClone('Dockerfile'), 'utf8');
const [web, build, image] = stages();

test('every stage takes what there is', () => assert.deepEqual([...violations()], []));

for (const [wrong, says, from, to] of [
  ['a file that there is not', 'copies src/Web/yarn.lock, which does not exist', 'src/Web/package-lock.json', 'src/Web/yarn.lock'],
  ['a file that is kept out', 'copies README.md, which .dockerignore keeps out', 'global.json', 'README.md'],
  ['a stage that there is not', 'copies from site, which is no earlier stage', '--from=web', '--from=site'],
  ['an image without a version', 'node:slim is not pinned', /node:\S+/, 'node:slim'],
  ['root', 'the image runs as 0:0', 'USER 10001:10001', 'USER 0:0'],
  ['no user', 'the image runs as undefined', 'USER 10001:10001', ''],
  ['another signal', 'another signal', 'STOPSIGNAL SIGTERM', 'STOPSIGNAL SIGKILL'],
  ['another command', 'does not serve', 'CMD ["serve"]', 'CMD ["version"]'],
  ['a health check', 'for whoever runs the image', 'EXPOSE 8080', 'HEALTHCHECK NONE'],
])
  test(`the check notices ${wrong}`, () => {
    assert.notEqual(text.replace(from, to), text);
    const found = [...violations(stages(text.replace(from, to)))];
    assert.ok(found.some((sentence) => sentence.includes(says)), found.join());
  });

test('what its commands name exists', () => {
  const { scripts } = JSON.parse(readFileSync(inClone('src/Web/package.json'), 'utf8'));
  const commands = [web, build].flatMap(({ steps }) => steps.filter(({ instruction }) => instruction === 'RUN').map(({ value }) => value));
  assert.deepEqual(commands.map((command) => command.split(' ').slice(0, 3).join(' ')), ['npm ci --no-audit', 'npm run build', 'dotnet publish src/Host/Host.csproj']);
  assert.ok(scripts.build);
  assert.match(readFileSync(inClone('src/Web/vite.config.ts'), 'utf8'), /outDir: "\.\.\/Host\/wwwroot"/);
  assert.match(readFileSync(inClone('src/Host/Host.csproj'), 'utf8'), /<AssemblyName>host</);
});

test('nothing that was made, written down or kept secret here gets into the build', () => {
  for (const path of ['.env', '.git', '.dev', 'src/Host/bin', 'src/Kernel/obj/project.assets.json', 'src/Web/node_modules', 'src/Host/wwwroot', 'docs', 'tests']) assert.ok(isIgnored(path), path);
  for (const path of ['src/Host/Host.csproj', 'src/Web/src/main.tsx', 'Directory.Build.props', '.editorconfig']) assert.ok(!isIgnored(path), path);
});

test('compose runs it as the user and on the port that it has', () => {
  const { services } = project();
  assert.equal(services['replica-1'].user, last(image, 'USER'));
  assert.equal(last(image, 'ENV'), 'ASPNETCORE_HTTP_PORTS=8080');
  assert.match(services.nginx.environment.MODULAR_SERVERS, /:8080 /);
  assert.equal(services['replica-1'].healthcheck.test[1], `${last(image, 'WORKDIR')}/host`);
});
