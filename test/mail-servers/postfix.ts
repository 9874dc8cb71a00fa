/**
 * Postfix as a private instance: its own configuration, queue and log in a scratch folder, run from the
 * unpacked package. It listens nowhere: mail comes in by its sendmail and leaves by `relayhost` (MTA-9).
 * Sources: postconf(5), master(5), MAILLOG_README.
 */
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, removeFolder, runProgram, scratchFolder } from '../fixtures/program.ts';
import { environmentOf, type MailServerCopy } from './install.mjs';
import { preparePrivateMachine } from './private-machine.ts';

/** Postfix wants an account and a group that nothing else uses; these are on every Debian and otherwise idle. */
const mailOwner = 'uucp';
const setgidGroup = 'news';

export interface PostfixOptions {
  readonly relayPort: number;
  /** What it says in EHLO. */
  readonly hostName: string;
  /** Further lines of `main.cf`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

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

const services = `pickup    unix       n - n 1 1 pickup
cleanup   unix       n - n - 0 cleanup
qmgr      unix       n - n 1 1 qmgr
tlsmgr    unix       - - n 1000? 1 tlsmgr
rewrite   unix       - - n - - trivial-rewrite
bounce    unix       - - n - 0 bounce
defer     unix       - - n - 0 bounce
trace     unix       - - n - 0 bounce
flush     unix       n - n 1000? 0 flush
proxymap  unix       - - n - - proxymap
smtp      unix       - - n - - smtp
relay     unix       - - n - - smtp
showq     unix       n - n - - showq
error     unix       - - n - - error
retry     unix       - - n - - error
discard   unix       - - n - - discard
anvil     unix       - - n - 1 anvil
scache    unix       - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
`;

function mainConfiguration(folder: string, root: string, options: PostfixOptions): string {
  const program = (name: string) => join(root, 'usr', 'sbin', name);
  const parameters: Record<string, string> = {
    compatibility_level: '3.6',
    queue_directory: join(folder, 'queue'),
    data_directory: join(folder, 'data'),
    meta_directory: join(folder, 'conf'),
    command_directory: join(root, 'usr', 'sbin'),
    daemon_directory: join(root, 'usr', 'lib', 'postfix', 'sbin'),
    shlib_directory: join(root, 'usr', 'lib', 'postfix'),
    sendmail_path: program('sendmail'),
    mailq_path: program('sendmail'),
    newaliases_path: program('sendmail'),
    mail_owner: mailOwner,
    setgid_group: setgidGroup,
    import_environment: 'MAIL_CONFIG TZ LD_LIBRARY_PATH',
    export_environment: 'MAIL_CONFIG TZ LD_LIBRARY_PATH',
    maillog_file: join(folder, 'mail.log'),
    maillog_file_prefixes: folder,
    myhostname: options.hostName,
    mydestination: '',
    alias_maps: '',
    alias_database: '',
    inet_interfaces: 'loopback-only',
    inet_protocols: 'ipv4',
    smtp_dns_support_level: 'disabled',
    smtp_bind_address: '127.0.0.1',
    relayhost: `[127.0.0.1]:${options.relayPort}`,
    minimal_backoff_time: '2s',
    maximal_backoff_time: '5s',
    queue_run_delay: '2s',
    ...options.parameters,
  };
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

function userId(name: string): number {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  return Number(line?.split(':')[2]);
}

function laidOut(root: string, options: PostfixOptions): string {
  const folder = scratchFolder();
  chmodSync(folder, 0o755);
  for (const name of ['etc', 'conf', 'queue', 'data']) mkdirSync(join(folder, name), { mode: 0o755 });
  chownSync(join(folder, 'data'), userId(mailOwner), 0);
  writeFileSync(join(folder, 'conf', 'main.cf'), mainConfiguration(folder, root, options));
  writeFileSync(join(folder, 'conf', 'master.cf'), services);
  for (const name of ['postfix-files', 'post-install', 'postfix-script']) {
    writeFileSync(join(folder, 'conf', name), readFileSync(join(root, 'etc', 'postfix', name)), {
      mode: 0o755,
    });
  }
  return folder;
}

/** `postqueue -j` prints one JSON object a line. */
function readQueue(output: string): QueuedMail[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const entry = JSON.parse(line) as {
        queue_id: string;
        queue_name: string;
        sender: string;
        recipients: { address: string; delay_reason?: string }[];
      };
      return {
        queueId: entry.queue_id,
        queueName: entry.queue_name,
        sender: entry.sender,
        recipients: entry.recipients.map(({ address, delay_reason }) => ({
          address,
          delayReason: delay_reason ?? null,
        })),
      };
    });
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

/** Starts a private Postfix; resolves once its master runs. */
export async function startPostfix({ root }: MailServerCopy, options: PostfixOptions): Promise<Postfix> {
  const folder = laidOut(root, options);
  const machine = preparePrivateMachine(join(folder, 'etc'), options.hostName);
  const env = { ...environmentOf(root), MAIL_CONFIG: join(folder, 'conf') };
  const commandLine = (name: string, args: readonly string[]) =>
    machine.commandLine(join(root, 'usr', 'sbin', name), args);
  const run = async (name: string, args: readonly string[], input = '') => {
    const [command, ...rest] = commandLine(name, args);
    const { status, stdout, stderr } = await runProgram(command, rest, { env, input });
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}${stdout}`);
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
  // The master leads a session of its own, so one signal ends it and all its daemons.
  const masterId = () => Number(readFileSync(join(folder, 'queue', 'pid', 'master.pid'), 'utf8'));
  const stop = async () => {
    const id = masterId();
    process.kill(-id, 'SIGTERM');
    await eventually('Postfix to end', () => (isRunning(id) ? undefined : true));
    removeFolder(folder);
  };
  await run('postfix', ['start']);
  return {
    sendmail: async ({ from, to, content }) => {
      await run('sendmail', ['-i', '-f', from === '' ? '<>' : from, '--', ...to], content);
    },
    queue: async () => readQueue(await run('postqueue', ['-j'])),
    flush: async () => {
      await run('postqueue', ['-f']);
    },
    log,
    logged,
    stop,
  };
}
