/**
 * The folder of a private Postfix: its configuration and its empty queue, as Postfix's own installation would make them
 * (`postfix-files` in the package). Sources: postconf(5), master(5), MAILLOG_README.
 */
import { chmodSync, chownSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../fixtures/program.ts';

export interface PostfixOptions {
  readonly relayPort: number;
  /** What it says in EHLO. */
  readonly hostName: string;
  /** Further lines of `main.cf`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Postfix wants an account and a group that nothing else uses; these are on every Debian and otherwise idle. */
const mailOwner = 'uucp';
const setgidGroup = 'news';

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

/** The number of an account or a group. */
function idIn(file: '/etc/passwd' | '/etc/group', name: string): number {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  return Number(line?.split(':')[2]);
}

const ownQueues = [
  ...['active', 'bounce', 'corrupt', 'defer', 'deferred', 'flush', 'hold'],
  ...['incoming', 'private', 'saved', 'trace'],
];

/** Lays out a scratch folder for a Postfix unpacked at `root`; `conf` in it is what MAIL_CONFIG names. */
export function layOutPostfix(root: string, options: PostfixOptions): string {
  const folder = scratchFolder();
  const make = (path: string, mode: number, owner: number, group: number) => {
    const made = join(folder, path);
    mkdirSync(made, { recursive: true });
    chownSync(made, owner, group);
    chmodSync(made, mode);
  };
  const owner = idIn('/etc/passwd', mailOwner);
  const group = idIn('/etc/group', setgidGroup);
  chmodSync(folder, 0o755);
  for (const name of ['etc', 'conf', 'queue', 'queue/pid']) make(name, 0o755, 0, 0);
  make('data', 0o700, owner, 0);
  for (const name of ownQueues) make(join('queue', name), 0o700, owner, 0);
  make('queue/maildrop', 0o730, owner, group);
  make('queue/public', 0o710, owner, group);
  writeFileSync(join(folder, 'conf', 'main.cf'), mainConfiguration(folder, root, options));
  writeFileSync(join(folder, 'conf', 'master.cf'), services);
  // Postfix waits a second for a configuration file as new as that to be complete.
  const aMinuteAgo = Date.now() / 1_000 - 60;
  for (const name of ['main.cf', 'master.cf']) utimesSync(join(folder, 'conf', name), aMinuteAgo, aMinuteAgo);
  return folder;
}
