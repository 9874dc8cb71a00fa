/**
 * A server to measure against: smtp-server as its authors ship it (its wait of 100 ms before the greeting included), with
 * nothing behind it: data is drained and accepted. Prints its port.
 */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  disableReverseLookup: true,
  onData: (stream, _session, done) => {
    stream.resume();
    stream.once('end', () => done());
  },
});
server.on('error', () => {});
const listening = server.listen(0, '127.0.0.1', () => {
  const { port } = listening.address() as AddressInfo;
  process.stdout.write(`${port}\n`);
});
