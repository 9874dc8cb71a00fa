/**
 * Exim as a private instance that delivers at once, in the foreground, through a smart host. It speaks BDAT wherever
 * CHUNKING is offered (RFC 3030). Its compiled-in user exists on the private machine only.
 * Source: the Exim specification, chapters 14 (main options), 20 (manualroute), 30 (smtp transport).
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeFolder, runProgram, scratchFolder } from '../fixtures/program.ts';
import type { MailServerCopy } from './install.mjs';
import type { OutgoingMail } from './postfix.ts';
import { preparePrivateMachine } from './private-machine.ts';

export interface EximOptions {
  readonly relayPort: number;
  /** What it says in EHLO. */
  readonly hostName: string;
  /** Further options of its smtp transport. */
  readonly transport?: Readonly<Record<string, string>>;
}

export interface Exim {
  /** Hands a message over and waits for its first delivery attempt. */
  readonly sendmail: (mail: OutgoingMail) => Promise<void>;
  /** The SMTP dialogue and delivery outcome of everything so far. */
  readonly log: () => string;
  readonly remove: () => void;
}

/** Any number that is free; an existing account of this name is used as it is. */
const eximAccount = { name: 'Debian-exim', id: 64_997 };

function configuration(folder: string, root: string, options: EximOptions): string {
  const transport = Object.entries(options.transport ?? {}).map(([name, value]) => `  ${name} = ${value}\n`);
  return `exim_path = ${join(root, 'usr/sbin/exim4')}
spool_directory = ${join(folder, 'spool')}
log_file_path = ${join(folder, 'log', '%s')}
primary_hostname = ${options.hostName}
host_lookup =
log_selector = +smtp_confirmation +smtp_mailauth +pipelining
begin routers
smart_host:
  driver = manualroute
  route_list = * 127.0.0.1::${options.relayPort}
  self = send
  transport = relay
begin transports
relay:
  driver = smtp
  hosts_try_fastopen =
${transport.join('')}begin retry
* * F,2h,1m
`;
}

/** Prepares a private Exim. Nothing runs until a message is handed over. */
export function prepareExim({ root }: MailServerCopy, options: EximOptions): Exim {
  const folder = scratchFolder();
  chmodSync(folder, 0o755);
  const accountExists = spawnSync('getent', ['passwd', eximAccount.name]).status === 0;
  for (const name of ['etc', 'spool', 'log']) mkdirSync(join(folder, name), { mode: 0o777 });
  for (const name of ['spool', 'log']) chmodSync(join(folder, name), 0o777);
  const file = join(folder, 'exim.conf');
  writeFileSync(file, configuration(folder, root, options));
  const machine = preparePrivateMachine(
    join(folder, 'etc'),
    options.hostName,
    accountExists ? [] : [eximAccount],
  );
  const logFile = join(folder, 'log', 'main');
  return {
    sendmail: async ({ from, to, content }) => {
      const [command, ...args] = machine.commandLine(join(root, 'usr/sbin/exim4'), [
        ...['-C', file, '-odi', '-i', '-f', from === '' ? '<>' : from, '--'],
        ...to,
      ]);
      const { status, stderr } = await runProgram(command, args, { input: content });
      if (status !== 0) throw new Error(`Exim ended with ${status}: ${stderr}`);
    },
    log: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
    remove: () => removeFolder(folder),
  };
}
