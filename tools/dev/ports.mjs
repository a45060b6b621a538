import { createServer } from 'node:net';

// Below those that systems give to outgoing connections (from 32768 on Linux, 49152 elsewhere): one of them may be taken the
// next moment, before the server for which it was chosen has come to listen on it.
const [first, last] = [10_000, 32_000];

/** A port nobody listens on, and that no outgoing connection will take meanwhile. */
export async function freePort(host = '127.0.0.1') {
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

function listen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.close(resolve);
    });
  });
}
