// One client of the plain socket: npm's ws. What happens to it is told as a line of JSON each on standard output, what it is to do
// comes as lines of JSON on standard input, and it ends with that at the latest.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';

const { url, headers, autoPong = true } = JSON.parse(process.argv[2]);
const socket = new WebSocket(url, { headers, autoPong });

const tell = (what, more = {}) => process.stdout.write(`${JSON.stringify({ what, at: performance.now(), ...more })}\n`);
const print = (data) => ({ bytes: data.length, sha1: createHash('sha1').update(data).digest('hex') });

socket.on('open', () => tell('open'));
socket.on('message', (data, binary) => tell('message', binary ? print(data) : { frame: JSON.parse(data) }));
socket.on('ping', () => tell('ping'));
socket.on('error', ({ message }) => tell('error', { message }));
socket.on('close', (code, reason) => tell('close', { code, reason: reason.toString() }));
socket.on('unexpected-response', async (_, response) => {
  const body = Buffer.concat(await response.toArray()).toString();
  tell('refused', { status: response.statusCode, type: response.headers['content-type'], body });
});

const orders = {
  text: ({ text }) => socket.send(text),
  // In pieces: one message all the same.
  binary: ({ bytes, pieces = 1 }) => {
    const data = Buffer.from(Array.from({ length: bytes }, (_, n) => n % 251));
    const size = Math.ceil(bytes / pieces);
    for (let piece = 0; piece < pieces; piece++) socket.send(data.subarray(piece * size, (piece + 1) * size), { binary: true, fin: piece === pieces - 1 });
    tell('sent', print(data));
  },
  close: ({ code, reason }) => socket.close(code, reason),
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const order = JSON.parse(line);
    orders[order.order](order);
  })
  .on('close', () => process.exit());
