/**
 * The pipelining load as a process of its own, so that its work is not the server's:
 * `pipelining-load.ts PORT SESSIONS MESSAGES BYTES`. Prints how many messages were accepted.
 */
import { type StreamedMessage, streamMessages } from '../../fixtures/pipelining-client.ts';
import { loadEnvelope } from './load-envelope.ts';

const [port = 0, sessions = 1, messages = 0, bytes = 0] = process.argv.slice(2).map(Number);

const line = `${'X'.repeat(78)}\r\n`;
const header = `From: <${loadEnvelope.from}>\r\nTo: <${loadEnvelope.to}>\r\nSubject: load\r\n\r\n`;
const body = line.repeat(Math.ceil(bytes / line.length)).slice(0, Math.max(0, bytes - header.length - 2));
const message: StreamedMessage = {
  from: loadEnvelope.from,
  to: [loadEnvelope.to],
  content: `${header}${body}\r\n`,
};
const perSession = Math.floor(messages / sessions);

const results = await Promise.all(
  Array.from({ length: sessions }, () =>
    streamMessages({
      port,
      heloName: loadEnvelope.heloName,
      next: (index) => (index < perSession ? message : null),
    }),
  ),
);
process.stdout.write(`${results.reduce((sum, { accepted }) => sum + accepted, 0)}\n`);
