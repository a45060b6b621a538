import { live } from './lifetime.mjs';
import { startPostgres } from './postgres.mjs';
import { Refusal, usage } from './refusal.mjs';

export const options = {
  data: { type: 'string' },
  port: { type: 'number', default: 0, max: 65535 },
  'until-stdin-closes': { type: 'boolean' },
};

export const help = `./dev postgres --data DIR [--port N] [--until-stdin-closes]
  A private Postgres in the foreground, on 127.0.0.1. Prints 'postgres ready <connection string>' and 'postgres pid N'.
  --data DIR             its data; made when it is not there
  --port N               0, the default, takes a free one
  --until-stdin-closes   end when standard input does, so that it cannot outlive a program that started it`;

export function run({ data, port, 'until-stdin-closes': untilStdinCloses }) {
  if (!data) throw usage('--data DIR is missing: the directory of the database.');
  return live(async (life) => {
    // Listening starts before the server does: a starter that dies in between must not leave it behind.
    const closed = untilStdinCloses ? new Promise((resolve) => process.stdin.resume().once('close', () => resolve(0))) : new Promise(() => {});
    const serving = startPostgres(life, { data, port }).then(async ({ connection, pid, child, data: home }) => {
      console.log(`postgres ready ${connection}\npostgres pid ${pid}`);
      const { code, signal } = await child.ended;
      throw new Refusal(`Postgres ended by itself (${signal ?? `exit code ${code}`}); its log is ${home}/server.log.`);
    });
    return Promise.race([serving, closed]);
  });
}
