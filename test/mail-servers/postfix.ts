/**
 * Postfix as a private instance: its own configuration, queue and log in a scratch folder, run from the unpacked package.
 * It listens nowhere: mail comes in by its sendmail and leaves by `relayhost` (MTA-9). Sources: master(8), postqueue(1).
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { eventually, removeFolder, runProgram } from '../fixtures/program.ts';
import { environmentOf, type MailServerCopy } from './install.mjs';
import { layOutPostfix, type PostfixOptions } from './postfix-layout.ts';
import { preparePrivateMachine } from './private-machine.ts';

export type { PostfixOptions } from './postfix-layout.ts';

export interface OutgoingMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Header and body; line ends may be bare line feeds, as sendmail takes them. */
  readonly content: string;
}

export interface QueuedMail {
  readonly queueId: string;
  readonly sender: string;
  readonly queueName: string;
  readonly recipients: readonly { readonly address: string; readonly delayReason: string | null }[];
}

export interface Postfix {
  /** Hands a message to its sendmail; resolves once it is queued. */
  readonly sendmail: (mail: OutgoingMail) => Promise<void>;
  /** What is queued now, by `postqueue -j`. */
  readonly queue: () => Promise<readonly QueuedMail[]>;
  /** Tries all queued mail at once. */
  readonly flush: () => Promise<void>;
  readonly log: () => string;
  /** Resolves with the first log line that fits. */
  readonly logged: (pattern: RegExp) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** One line of `postqueue -j`. */
const queuedMail = z
  .object({
    queue_id: z.string(),
    queue_name: z.string(),
    sender: z.string(),
    recipients: z.array(z.object({ address: z.string(), delay_reason: z.string().nullable().default(null) })),
  })
  .transform(
    (entry): QueuedMail => ({
      queueId: entry.queue_id,
      queueName: entry.queue_name,
      sender: entry.sender,
      recipients: entry.recipients.map(({ address, delay_reason }) => ({
        address,
        delayReason: delay_reason,
      })),
    }),
  );

const readQueue = (output: string): QueuedMail[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => queuedMail.parse(JSON.parse(line)));

/** Starts a private Postfix; resolves once its master runs. */
export async function startPostfix({ root }: MailServerCopy, options: PostfixOptions): Promise<Postfix> {
  const folder = layOutPostfix(root, options);
  const machine = preparePrivateMachine(join(folder, 'etc'), options.hostName);
  const env = { ...environmentOf(root), MAIL_CONFIG: join(folder, 'conf') };
  const run = async (program: string, args: readonly string[], input = '') => {
    const [command, ...rest] = machine.commandLine(join(root, 'usr', program), args);
    const { status, stdout, stderr } = await runProgram(command, rest, { env, input });
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}${stdout}`);
    return stdout;
  };

  const logFile = join(folder, 'mail.log');
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  const logged = (pattern: RegExp) =>
    eventually(`${pattern} in Postfix's log`, () =>
      log()
        .split('\n')
        .find((line) => pattern.test(line)),
    ).catch((error: Error) => Promise.reject(new Error(`${error.message}:\n${log()}`)));
  // The master leads a session of its own, so one signal ends it and all its daemons. An orderly end would take it a
  // second, for the sake of a queue that is removed anyway.
  const stop = async () => {
    const id = Number(readFileSync(join(folder, 'queue', 'pid', 'master.pid'), 'utf8'));
    process.kill(-id, 'SIGKILL');
    removeFolder(folder);
  };
  // What `postfix start` does besides is to check an installation, by shell scripts that take two seconds.
  await run('lib/postfix/sbin/master', ['-w']);
  return {
    sendmail: async ({ from, to, content }) => {
      await run('sbin/sendmail', ['-i', '-f', from === '' ? '<>' : from, '--', ...to], content);
    },
    queue: async () => readQueue(await run('sbin/postqueue', ['-j'])),
    flush: async () => {
      await run('sbin/postqueue', ['-f']);
    },
    log,
    logged,
    stop,
  };
}
