import { diedOf, howItEnded, isReady, serve, url, waysToStop } from './hosts.mjs';
import { startNginx } from './nginx.mjs';
import { Refusal } from './refusal.mjs';

/** A broker between `count` hosts and a load balancer before them; replica i listens on port + i, on loopback. */
export async function startReplicas(life, { count, host, port, configuration, connection, broker, balancer, unlessGiven }) {
  const ports = Array.from({ length: count }, (_, i) => port + i + 1);
  const settings = {
    Database__ConnectionString: connection,
    Bus__Url: broker.url,
    Proxies__Known__0: '127.0.0.1',
  };
  const hosts = ports.map((own, i) => serve(life, { port: own, host: '127.0.0.1', configuration, settings, unlessGiven, label: `${i + 1}|` }));
  // Beside each other: each drains, and may wait for what the others hold.
  life.onEnd(() => Promise.all(hosts.map((child) => life.stop(child, waysToStop))));
  await Promise.all(hosts.map((child, i) => isReady(`${url('127.0.0.1', ports[i])}/health/ready`, diedOf(`Replica ${i + 1}`, child))));

  const nginx = await startNginx(life, { data: balancer, host, port, ports });
  const nginxDied = diedOf(`nginx (its log is ${nginx.data}/error.log)`, nginx.child);
  await isReady(`${url(reachable(host), port)}/health/ready`, nginxDied);
  return {
    serving: ports.map((own, i) => `${url('127.0.0.1', own)} (process ${hosts[i].pid})`),
    died: Promise.race([nginxDied, allDied(life, hosts, ports), diedOf(`RabbitMQ (its log is ${broker.data}/server.log)`, broker.child)]),
  };
}

/** The address by which this machine reaches what listens on `host`. */
export const reachable = (host) => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host);

/** Taking one away is what people have replicas for: told, and nothing else. */
async function allDied(life, hosts, ports) {
  let living = hosts.length;
  await Promise.all(hosts.map(async (child, i) => {
    const end = await child.ended;
    life.goOn(); // else we ended it
    living--;
    console.log(`replica ${i + 1} (${url('127.0.0.1', ports[i])}) ended by itself (${howItEnded(end)}); ${living} of ${hosts.length} left`);
  }));
  throw new Refusal('The last replica has ended.');
}
