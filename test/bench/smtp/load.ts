/**
 * Puts load on a port and says how long it took. Two clients: Postfix's smtp-source, and our own that pipelines.
 * Source: smtp-source(1).
 */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../fixtures/program.ts';
import { environmentOf, type MailServerCopy } from '../../mail-servers/install.mjs';
import { loadEnvelope } from './load-envelope.ts';

/** `connect`: a connection for each message. `reuse`: connections are kept. `pipeline`: kept, and pipelined. */
export type LoadKind = 'connect' | 'reuse' | 'pipeline';

export interface Load {
  readonly kind: LoadKind;
  readonly messages: number;
  readonly sessions: number;
  /** Size of a message. */
  readonly bytes: number;
}

const pipeliningLoad = fileURLToPath(new URL('./pipelining-load.ts', import.meta.url));
const longestRunMs = 600_000;

function commandLine(postfix: MailServerCopy, port: number, load: Load): [string, string[]] {
  const { kind, messages, sessions, bytes } = load;
  if (kind === 'pipeline') {
    return [process.execPath, [pipeliningLoad, ...[port, sessions, messages, bytes].map(String)]];
  }
  return [
    join(postfix.root, 'usr', 'sbin', 'smtp-source'),
    [
      ...['-4', '-s', `${sessions}`, '-m', `${messages}`, '-l', `${bytes}`],
      ...(kind === 'reuse' ? ['-d'] : []),
      ...['-M', loadEnvelope.heloName, '-f', loadEnvelope.from, '-t', loadEnvelope.to],
      `127.0.0.1:${port}`,
    ],
  ];
}

/** Seconds the load took. Fails when a message was refused: a refusal is quicker than an acceptance. */
export async function putLoad(postfix: MailServerCopy, port: number, load: Load): Promise<number> {
  const [command, args] = commandLine(postfix, port, load);
  const startedAt = performance.now();
  const { status, stdout, stderr } = await runProgram(command, args, {
    env: environmentOf(postfix.root),
    timeoutMs: longestRunMs,
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  // smtp-source says nothing of what it sent, and complains on stderr of each refusal while its status stays 0.
  const complete =
    load.kind === 'pipeline' ? Number(stdout) === load.messages : stderr === '' && stdout === '';
  if (status !== 0 || !complete) throw new Error(`${load.kind} load failed (${status}): ${stdout}${stderr}`);
  return seconds;
}
