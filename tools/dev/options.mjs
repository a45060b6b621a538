import { parseArgs } from 'node:util';
import { usage } from './refusal.mjs';

/**
 * Reads the options of one command: `spec` as in node:util's parseArgs; a `number` type is a string there and a
 * whole number from `min` to `max` here. Answers `{ values, positionals }` or refuses with a sentence.
 */
export function readOptions(args, spec, { positionals = false } = {}) {
  const plain = Object.fromEntries(
    Object.entries({ ...spec, help: { type: 'boolean', short: 'h' } }).map(([name, { type, short }]) => [
      name, { type: type === 'number' ? 'string' : type, ...(short && { short }) },
    ]),
  );
  let read;
  try {
    read = parseArgs({ args, options: plain, allowPositionals: positionals, strict: true });
  } catch (error) {
    if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
    throw usage(`${error.message.split(/\. (To|Did)/)[0].replace(/\.?$/, '.')}`);
  }
  const values = { ...read.values };
  for (const [name, option] of Object.entries(spec)) {
    if (values[name] === undefined && option.default !== undefined) values[name] = option.default;
    else if (option.type === 'number' && values[name] !== undefined) values[name] = toNumber(name, values[name], option);
  }
  return { values, positionals: read.positionals };
}

function toNumber(name, text, { min = 0, max = Number.MAX_SAFE_INTEGER }) {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw usage(`--${name} takes a whole number from ${min} to ${max}, not '${text}'.`);
}
