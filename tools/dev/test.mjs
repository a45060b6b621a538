import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { findChromium } from './chromium.mjs';
import { build, requireSdk } from './dotnet.mjs';
import { live } from './lifetime.mjs';
import { findNginx } from './nginx.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { own } from './places.mjs';
import { findRabbitMq } from './rabbitmq-binaries.mjs';
import { counts, judge, summary } from './reports.mjs';
import { scratchPostgres, scratchRabbitMq } from './scratch.mjs';
import { follow, logFile, seconds } from './steps.mjs';
import { choose, findSuites, needsBroker, needsBrowser, waits } from './suites.mjs';
import { buildWeb, installPackages, installWeb } from './web.mjs';

export const options = {};
export const words = true;

export const help = `./dev test [WORD ...]
  Builds everything and runs all tests on a private Postgres and RabbitMQ. The last line is 'N passed, N failed, N skipped';
  a failure, a skip or a project that ran no test ends it with 1.
  WORD          part of a suite's name (kernel, browser) or of a test's`;

/** Cluster.Tests takes servers away for real and waits for what comes of it; one that hangs must not hold the others' results back. */
const timeLimit = 40 * 60_000;

export function run(_, given) {
  return live(async (life) => {
    oneAtATime(life, own('test.lock'), './dev test');
    const { chosen, words: narrow } = choose(findSuites(), given);
    const env = await prepare(life, chosen);
    const results = await runAll(chosen, (suite, print) => runSuite(life, suite, narrow, env, print));
    await life.end(); // before the summary, whose last line is the last of all
    const { text, good } = summary(results);
    console.log(`\n${text}`);
    return good ? 0 : 1;
  }, { whenAsked: 130 });
}

/**
 * Most .NET processes of a run live for seconds, and a third of all its processor time goes to the JIT compiler. Neither instrumented
 * code for a better second compilation nor mapping code pages twice pays in that time: measured, a host is up and gone
 * with 7 % less. Deployed hosts and measurements live long and have both.
 */
const shortLived = { DOTNET_TieredPGO: '0', DOTNET_EnableWriteXorExecute: '0' };

/** Installs and builds what the suites need; answers the environment they run in. */
async function prepare(life, suites) {
  const env = { ...process.env };
  const work = [];
  if (suites.some((suite) => suite.name.endsWith('.Tests'))) {
    requireSdk();
    work.push(scratchPostgres(life, { durable: false }).then((postgres) => Object.assign(env, postgres, shortLived)));
    work.push(buildWeb(life).then(() => build(life, 'Modular.sln', 'Modular.sln', 'Release')));
  } else if (suites.some((suite) => suite.name === 'Web')) {
    work.push(installWeb(life));
  }
  for (const { name, packages } of suites) if (packages) work.push(installPackages(life, `${name} packages`, packages));
  work.push(findPrograms(life, suites, env));
  await Promise.all(work);
  return env;
}

/** One after the other: apt installs one at a time. */
async function findPrograms(life, suites, env) {
  if (suites.some(({ name }) => ['tools', 'deploy'].includes(name))) {
    await findRabbitMq(life);
    await findNginx(life);
  }
  if (suites.some(needsBroker)) Object.assign(env, await scratchRabbitMq(life));
  if (suites.some(needsBrowser)) env.CHROME_PATH = await findChromium(life);
}

/** What waits most of the time runs beside the others, which have the terminal; it is shown when it is through. */
async function runAll(suites, run) {
  const held = [];
  const beside = suites.length > 1 ? suites.filter(waits) : [];
  const results = await Promise.all([
    inTurn(suites.filter((suite) => !beside.includes(suite)), (suite) => run(suite, (text) => process.stdout.write(text))),
    inTurn(beside, (suite) => run(suite, (text) => held.push(text))).finally(() => process.stdout.write(held.join(''))),
  ]);
  return results.flat();
}

async function inTurn(suites, run) {
  const results = [];
  for (const suite of suites) results.push(await run(suite));
  return results;
}

async function runSuite(life, suite, narrow, env, print) {
  const began = Date.now();
  const directory = own('test-results', suite.name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const report = join(directory, 'report.json');
  const command = suite.command(report, narrow);
  print(`\n${suite.name} ...\n`);
  const end = command === null ? { trouble: 'was not built: is it in Modular.sln?' } : await execute(life, suite, command, { ...env, MODULAR_TEST_RESULTS: directory }, print);
  const result = { name: suite.name, ...judge(suite.read(report), { ...end, partial: narrow.length > 0 }) };
  print(`${suite.name}: ${counts(result)} (${seconds(began)})\n`);
  return result;
}

async function execute(life, suite, [command, ...args], env, print) {
  const log = logFile(suite.name);
  const child = life.spawn(command, args, { cwd: suite.cwd, env, stdio: ['ignore', 'pipe', 'pipe'], stop: [['SIGTERM', 10_000], ['SIGKILL', 5_000]] });
  follow(child, (text) => {
    log.write(text);
    print(text);
  });
  let trouble;
  const limit = setTimeout(() => {
    trouble = `did not end in ${timeLimit / 60_000} minutes and was stopped`;
    void life.stop(child);
  }, timeLimit);
  const end = await child.ended;
  clearTimeout(limit);
  await life.stop(child); // what a crashed runner left of its own children
  log.end();
  await finished(log);
  life.goOn();
  return { ...end, trouble };
}
