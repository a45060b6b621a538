import { build, built, requireSdk } from './dotnet.mjs';
import { existsSync } from 'node:fs';
import { live } from './lifetime.mjs';
import { inClone } from './places.mjs';
import { Refusal } from './refusal.mjs';
import { scratchPostgres, scratchRabbitMq } from './scratch.mjs';

/** Options are the benchmark's own. */
export const raw = true;

export const help = `./dev bench [NAME] [ARGUMENT ...]
  Builds bench/Modular.Bench optimised and runs one measurement on a private Postgres and, where it needs one, a private
  RabbitMQ; without a name it lists them.`;

const withBroker = ['path'];
const project = 'bench/Modular.Bench/Modular.Bench.csproj';

export function run(args) {
  if (!existsSync(inClone(project))) throw new Refusal(`There is no ${project} in this clone.`);
  requireSdk();
  return live(async (life) => {
    const broker = withBroker.includes(args[0]) && !args.includes('--help') ? scratchRabbitMq(life) : {};
    const [postgres, rabbit] = await Promise.all([scratchPostgres(life, { durable: true }), broker, build(life, 'Bench', project, 'Release')]);
    const child = life.spawn('dotnet', [built(project, 'Release'), ...args], { cwd: inClone(), env: { ...postgres, ...rabbit }, stdio: ['ignore', 'inherit', 'inherit'] });
    const { code, signal, error } = await child.ended;
    if (code === null) throw new Refusal(`The benchmark ended by ${error?.message ?? signal}.`);
    return code;
  }, { whenAsked: 130 });
}
