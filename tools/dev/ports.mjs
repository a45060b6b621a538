import { createServer } from 'node:net';

/** A port nobody listens on at this moment. */
export function freePort(host = '127.0.0.1') {
  return listen(0, host);
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
      const chosen = server.address().port;
      server.close(() => resolve(chosen));
    });
  });
}
