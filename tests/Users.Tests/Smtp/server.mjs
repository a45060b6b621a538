// A mail server as others run it: npm's smtp-server. What happens to it is told as a line of JSON each on standard output; what it is to do next comes
// as lines of JSON on standard input, and it ends with that at the latest.
import { createInterface } from 'node:readline';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

const { user, password, key, cert } = JSON.parse(process.argv[2]);
const tell = (what, more = {}) => process.stdout.write(`${JSON.stringify({ what, ...more })}\n`);

/** What happens to mails from now on, `times` of them: `{ at: 'recipient' | 'data', code }`, `{ cut: true }` after the mail has come, or `{ slow: true }`: no answer. */
let trouble = { times: 0 };
const next = (at) => (trouble.times > 0 && (trouble.at ?? 'data') === at ? (trouble.times--, trouble) : null);
const refusal = (code) => Object.assign(new Error('not now, says the test'), { responseCode: code });

const server = new SMTPServer({
  key,
  cert,
  hideSTARTTLS: !key,
  authOptional: !user,
  allowInsecureAuth: false,
  disabledCommands: user ? [] : ['AUTH'],
  onAuth({ method, username, password: given }, session, done) {
    const right = username === user && given === password;
    tell('auth', { method, username, right, secure: session.secure });
    done(right ? null : Object.assign(new Error('wrong credentials'), { responseCode: 535 }), { user: username });
  },
  onRcptTo(_, session, done) {
    const now = next('recipient');
    if (now) tell('refused', { code: now.code });
    done(now ? refusal(now.code) : null);
  },
  async onData(stream, session, done) {
    const raw = Buffer.concat(await stream.toArray());
    const { envelope, secure } = session;
    const mail = { secure, sender: envelope.mailFrom.address, recipients: envelope.rcptTo.map(({ address }) => address), raw: raw.toString('latin1'), parsed: await PostalMime.parse(raw) };
    const now = next('data');
    if (now?.slow) return tell('held', mail);
    if (now?.cut) {
      tell('cut', mail);
      for (const connection of server.connections) connection.close();
      for (const connection of server.connections) connection._socket?.destroy();
      return;
    }
    tell(now ? 'refused' : 'mail', now ? { code: now.code } : mail);
    done(now ? refusal(now.code) : null);
  },
});

// A client that leaves in the middle of a handshake.
server.on('error', ({ message }) => tell('error', { message }));
server.listen(0, '127.0.0.1', () => tell('listening', { port: server.server.address().port }));

createInterface({ input: process.stdin })
  .on('line', (line) => {
    trouble = JSON.parse(line);
    tell('told');
  })
  .on('close', () => process.exit());
