import { createServer } from 'node:net';

// Below those that systems give to outgoing connections (from 32768 on Linux, 49152 elsewhere): one of them may be taken the
// next moment, before the server for which it was chosen has come to listen on it.
// And above 10080, which fetch and browsers refuse to speak to.
const forServers = [10_081, 32_000];

/** Where `freePort` does not look by itself: for what listens only after other servers have taken theirs. Fetch speaks to all of them. */
export const forLater = [7_000, 9_990];

/** A port nobody listens on, and that no outgoing connection will take meanwhile. */
export async function freePort(host = '127.0.0.1', [first, last] = forServers) {
  for (;;) {
    const port = first + Math.floor(Math.random() * (last - first));
    if (await isFree(port, host)) return port;
  }
}

/** Whether a server could listen there now; throws for an address that is not this machine's. */
export async function isFree(port, host) {
  try {
    await listen(port, host);
    return true;
  } catch (error) {
    if (error.code === 'EADDRINUSE') return false;
    throw error;
  }
}

/** Whether this is one of the ports that fetch, and so every browser, speaks to nobody on. */
export async function isBlocked(port) {
  const refusal = await fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(5_000) }).then(() => null, ({ cause }) => cause);
  return refusal?.message === 'bad port';
}

function listen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.close(resolve);
    });
  });
}
