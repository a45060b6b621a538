import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { aptInstall, hasApt } from './apt.mjs';
import { which } from './processes.mjs';
import { Refusal } from './refusal.mjs';

const how = 'Install it (Debian: apt-get install rabbitmq-server; macOS: brew install rabbitmq), or point MODULAR_RABBITMQ_BIN to the directory of rabbitmq-server and rabbitmqctl';

/**
 * Directory of RabbitMQ's own scripts, and the path of Erlang's `epmd`. Order: MODULAR_RABBITMQ_BIN, PATH, the usual
 * places, as root on Debian apt. Packages put a wrapper in PATH that insists on root or the user `rabbitmq`; what it
 * wraps lies beside the file that its link leads to.
 */
export async function findRabbitMq(life, { env = process.env, places = usualPlaces, install = aptInstall, mayInstall = hasApt } = {}) {
  if (env.MODULAR_RABBITMQ_BIN) {
    if (!isWhole(env.MODULAR_RABBITMQ_BIN)) throw new Refusal(`MODULAR_RABBITMQ_BIN is ${env.MODULAR_RABBITMQ_BIN}, but there is no rabbitmq-server with rabbitmqctl.`);
    return { bin: env.MODULAR_RABBITMQ_BIN, epmd: findEpmd(env.PATH) };
  }
  let bin = look(env.PATH, places());
  if (bin === undefined && mayInstall()) {
    await install(life, 'RabbitMQ', 'rabbitmq-server');
    bin = look(env.PATH, places());
  }
  if (bin === undefined) throw new Refusal(`More than one replica needs RabbitMQ, and there is none on this machine. ${how}.`);
  return { bin, epmd: findEpmd(env.PATH) };
}

function look(path, places) {
  const linked = which('rabbitmq-server', path);
  return [...(linked === null ? [] : [dirname(realpathSync(linked)), dirname(linked)]), ...places].find(isWhole);
}

const isWhole = (bin) => ['rabbitmq-server', 'rabbitmqctl', 'rabbitmq-env'].every((script) => existsSync(join(bin, script)) && !isWrapper(join(bin, script)));

const isWrapper = (script) => basename(realpathSync(script)) === 'rabbitmq-script-wrapper';

function usualPlaces() {
  const versions = '/usr/lib/rabbitmq/lib';
  const newestFirst = existsSync(versions) ? readdirSync(versions).sort((a, b) => b.localeCompare(a, 'en', { numeric: true })) : [];
  return [
    ...newestFirst.map((name) => join(versions, name, 'sbin')),
    '/opt/rabbitmq/sbin',
    ...['/opt/homebrew', '/usr/local', '/home/linuxbrew/.linuxbrew'].map((brew) => `${brew}/opt/rabbitmq/sbin`),
  ];
}

/** In PATH or, where only `erl` is, inside Erlang's own tree. */
function findEpmd(path) {
  const inPath = which('epmd', path);
  if (inPath !== null) return inPath;
  const erl = which('erl', path);
  if (erl === null) throw new Refusal(`RabbitMQ is here, but Erlang is not: there is no 'erl' in PATH. ${how}.`);
  const { stdout } = spawnSync(erl, ['-noshell', '-eval', 'io:put_chars(code:root_dir()), halt().'], { encoding: 'utf8' });
  const tree = (stdout ?? '').trim();
  const found = ['bin', ...(existsSync(tree) ? readdirSync(tree).filter((name) => name.startsWith('erts-')).map((name) => join(name, 'bin')) : [])]
    .map((place) => join(tree, place, 'epmd'))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Refusal(`RabbitMQ is here, but Erlang's epmd is not below ${tree}. ${how}.`);
  return found;
}
