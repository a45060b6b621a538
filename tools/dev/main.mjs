import { readOptions } from './options.mjs';
import { Refusal, usage } from './refusal.mjs';

/**
 * Each command is a module with `help`, `options` and `run(values, positionals)`; `words` says that it takes positionals,
 * `raw` that it reads its arguments itself.
 */
const commands = {
  up: () => import('./up.mjs'),
  test: () => import('./test.mjs'),
  bench: () => import('./bench.mjs'),
  fmt: () => import('./fmt.mjs'),
  postgres: () => import('./postgres-command.mjs'),
  rabbitmq: () => import('./rabbitmq-command.mjs'),
};

async function main([name, ...args]) {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(await overview());
    return 0;
  }
  if (!Object.hasOwn(commands, name)) throw usage(`There is no command '${name}'.`);
  const command = await commands[name]();
  if (command.raw && !args.includes('--help')) return command.run(args);
  const { values, positionals } = readOptions(args, command.options ?? {}, { positionals: command.words === true || command.raw === true });
  if (values.help) {
    console.log(command.help);
    return 0;
  }
  return command.run(values, positionals);
}

async function overview() {
  const texts = await Promise.all(Object.values(commands).map(async (load) => (await load()).help));
  return ['Modular: build, run and test this clone.', ...texts, './dev help\n  This text.'].join('\n\n');
}

// A reader that went away (./dev up | head -1) is no reason to leave without stopping what runs.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
  });

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  if (error.exitCode === 2) console.error(`\n${await overview()}`);
  process.exitCode = error.exitCode;
}
// Signal handlers and a standard input still open would keep the process; all that was started has ended by now.
process.exit();
