import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the clone. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** What the tool makes on this machine: data, logs, reports, downloaded tools. Never committed. */
export const own = (...parts) => join(root, '.dev', ...parts);

export const inClone = (...parts) => join(root, ...parts);
