import { live } from './lifetime.mjs';
import { startRabbitMq } from './rabbitmq.mjs';
import { Refusal, usage } from './refusal.mjs';

export const options = {
  data: { type: 'string' },
  port: { type: 'number', default: 0, max: 65535 },
  'until-stdin-closes': { type: 'boolean' },
};

export const help = `./dev rabbitmq --data DIR [--port N] [--until-stdin-closes]
  A private RabbitMQ node in the foreground, on 127.0.0.1. Prints 'rabbitmq ready <AMQP URL>', 'rabbitmq pid N' and
  'rabbitmq ctl <script>': that script is rabbitmqctl for this node.
  --data DIR             its data; made when it is not there
  --port N               0, the default, takes a free one
  --until-stdin-closes   end when standard input does, so that it cannot outlive a program that started it`;

export function run({ data, port, 'until-stdin-closes': untilStdinCloses }) {
  if (!data) throw usage('--data DIR is missing: the directory of the broker.');
  return live(async (life) => {
    // Listening starts before the server does: a starter that dies in between must not leave it behind.
    const closed = untilStdinCloses ? new Promise((resolve) => process.stdin.resume().once('close', () => resolve(0))) : new Promise(() => {});
    const serving = startRabbitMq(life, { data, port }).then(async ({ url, pid, ctl, child, data: home }) => {
      console.log(`rabbitmq ready ${url}\nrabbitmq pid ${pid}\nrabbitmq ctl ${ctl}`);
      const { code, signal } = await child.ended;
      throw new Refusal(`RabbitMQ ended by itself (${signal ?? `exit code ${code}`}); its log is ${home}/server.log.`);
    });
    return Promise.race([serving, closed]);
  });
}
