import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { built } from './dotnet.mjs';
import { inClone, root } from './places.mjs';
import { readCtrf, readVitest } from './reports.mjs';
import { hasWeb, web } from './web.mjs';

/**
 * Every test suite of the clone, found and not listed, the fastest kind first. Each has `name`, `command(report, words)`
 * (null: not built), `cwd`, `packages` where npm packages of its own are to be installed, and `read(path)` for its report; `words`
 * narrows it to tests whose names hold one of them.
 */
export function findSuites() {
  return [nodeTests('tools', 'tools/dev'), nodeTests('k8s', 'k8s/test'), nodeTests('deploy', 'deploy/test'), ...(hasWeb() ? [webApp()] : []), ...dotnetProjects()].sort((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name));
}

export const needsBrowser = (suite) => suite.name === 'Browser.Tests';

/** It takes servers away and waits until that is noticed: the machine has time for others. */
export const waits = (suite) => suite.name === 'Cluster.Tests';

/** Those whose sources name the brokers of tests/Testing. */
export const needsBroker = (suite) => suite.sources.some((file) => /\b(TestBroker|BrokerProcess)\b/.test(readFileSync(file, 'utf8')));

/** Splits the words of the command line: those in a suite's name choose suites, the others tests within them. */
export function choose(suites, words) {
  const names = (suite, word) => suite.name.toLowerCase().includes(word.toLowerCase());
  const forSuites = words.filter((word) => suites.some((suite) => names(suite, word)));
  const forTests = words.filter((word) => !forSuites.includes(word));
  return { chosen: forSuites.length === 0 ? suites : suites.filter((suite) => forSuites.some((word) => names(suite, word))), words: forTests };
}

function rank(name) {
  const last = ['Kernel.Tests', 'modules', 'Cluster.Tests', 'Browser.Tests'];
  if (!name.endsWith('.Tests')) return -1;
  return last.includes(name) ? last.indexOf(name) : last.indexOf('modules');
}

function nodeTests(name, directory) {
  const files = readdirSync(inClone(directory)).filter((file) => file.endsWith('.test.mjs')).map((file) => `${directory}/${file}`);
  const reporter = (report) => ['--test-reporter=./tools/dev/node-reporter.mjs', `--test-reporter-destination=${report}`];
  return {
    name,
    cwd: root,
    sources: [],
    packages: existsSync(inClone(directory, 'package.json')) ? inClone(directory) : null,
    command: (report, words) => [process.execPath, '--test', ...reporter(report), ...words.map((word) => `--test-name-pattern=/${escape(word)}/i`), ...files],
    read: readCtrf,
  };
}

function webApp() {
  return {
    name: 'Web',
    cwd: web,
    sources: [],
    command: (report, words) => ['npm', 'test', '--silent', '--', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...(words.length > 0 ? ['-t', words.map(escape).join('|')] : [])],
    read: readVitest,
  };
}

/**
 * Each is run as the program it is, under Microsoft.Testing.Platform: `dotnet test` is one process more between a
 * signal and the tests. Exit code 8 is "no test ran", which the report tells as well and a filter may want.
 */
export function dotnetProjects(clone = root) {
  const tests = join(clone, 'tests');
  if (!existsSync(tests)) return [];
  return readdirSync(tests, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(tests, name)).filter((file) => file.endsWith('.Tests.csproj')).map((file) => `tests/${name}/${file}`))
    .map((project) => ({
      name: project.split('/').at(-1).replace('.csproj', '').replace(/^Modular\./, ''),
      cwd: root,
      packages: packagesIn(join(clone, dirname(project))),
      get sources() {
        return readdirSync(join(clone, dirname(project)), { recursive: true }).filter((file) => file.endsWith('.cs')).map((file) => join(clone, dirname(project), file));
      },
      command(report, words) {
        const program = built(project, 'Release');
        const output = ['--report-ctrf', '--report-ctrf-filename', basename(report), '--results-directory', dirname(report), '--no-progress', '--no-ansi'];
        return program && ['dotnet', program, ...output, '--ignore-exit-code', '8', ...words.flatMap((word) => ['--filter-method', `*${word}*`])];
      },
      read: readCtrf,
    }));
}

/** The directory beside a project's sources that has npm packages: clients its tests run with Node. */
function packagesIn(project) {
  const found = readdirSync(project).find((entry) => existsSync(join(project, entry, 'package.json')));
  return found ? join(project, found) : null;
}

const escape = (word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
