/**
 * A machine of its own for a mail server under test: a private mount and host name namespace in which no name is looked up
 * outside, and in which the users it wants exist. Nothing of the real machine changes. Source: unshare(1).
 * Where namespaces are not allowed, commands run as they are.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PrivateMachine {
  /** The command line that runs `command` on this machine. */
  readonly commandLine: (command: string, args: readonly string[]) => [string, ...string[]];
}

/** An account that exists on the private machine only; the user's group has the same name and number. */
export interface PrivateAccount {
  readonly name: string;
  readonly id: number;
}

/** Whether this process may open namespaces: root that was not stripped of the right to. */
export function mayOpenNamespaces(): boolean {
  return spawnSync('unshare', ['-m', '-u', 'true']).status === 0;
}

/** Each file of `etc` is laid over the real one, inside the namespace only. */
const enterScript = `set -e
hostname "$1"; etc="$2"; shift 2
for file in hosts nsswitch.conf resolv.conf passwd group; do
  if [ -e "/etc/$file" ]; then mount --bind "$etc/$file" "/etc/$file"; fi
done
exec "$@"`;

/** Prepares a machine called `hostName` whose files lie in `folder`. */
export function preparePrivateMachine(
  folder: string,
  hostName: string,
  accounts: readonly PrivateAccount[] = [],
): PrivateMachine {
  if (!mayOpenNamespaces()) return { commandLine: (command, args) => [command, ...args] };
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const [alias] = hostName.split('.');
  write('hosts', `127.0.0.1 localhost\n127.0.0.1 ${hostName} ${alias}\n127.0.0.1 smtp-relay.gmail.com\n`);
  write('nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files\n');
  write('resolv.conf', '');
  const users = accounts.map(({ name, id }) => `${name}:x:${id}:${id}::/nonexistent:/usr/sbin/nologin\n`);
  const groups = accounts.map(({ name, id }) => `${name}:x:${id}:\n`);
  write('passwd', readFileSync('/etc/passwd', 'utf8') + users.join(''));
  write('group', readFileSync('/etc/group', 'utf8') + groups.join(''));
  return {
    commandLine: (command, args) => [
      'unshare',
      ...['-m', '-u', '/bin/sh', '-c', enterScript, 'sh', hostName, folder, command],
      ...args,
    ],
  };
}
