import { dotnetEnv, requireSdk } from './dotnet.mjs';
import { live } from './lifetime.mjs';
import { root } from './places.mjs';
import { Refusal } from './refusal.mjs';
import { step } from './steps.mjs';
import { hasWeb, installWeb, web } from './web.mjs';

export const options = { check: { type: 'boolean' } };

export const help = `./dev fmt [--check]
  Formats C# and TypeScript.
  --check       changes nothing; ends with 1 where something would change`;

export function run({ check }) {
  requireSdk();
  return live(async (life) => {
    const problems = [];
    const attempt = (...args) => step(life, ...args).catch((error) => {
      if (!(error instanceof Refusal)) throw error;
      problems.push(error.message); // both languages are looked at, whatever the first says
    });
    await attempt('C# format', 'dotnet', ['format', 'Modular.sln', ...(check ? ['--verify-no-changes'] : [])], { cwd: root, env: dotnetEnv });
    if (hasWeb()) {
      await installWeb(life);
      await attempt('TypeScript format', 'npx', ['--no-install', 'biome', 'check', ...(check ? [] : ['--write']), '.'], { cwd: web });
    }
    if (problems.length > 0) throw new Refusal(problems.join('\n\n'));
    return 0;
  }, { whenAsked: 130 });
}
