/**
 * Which copies of an accepted message comprehensive mail storage keeps (STO-1, STO-2): the mailbox of the registered
 * user it was sent for, which is the envelope sender's, and Vault. What recipients get is delivery, not storage.
 */
import type { StoredCopy } from '../../contract/storage.ts';
import type { Organisation, User } from '../../organisation/types.ts';
import { mailStorageOf, rootUnit } from '../../organisation/units.ts';
import { senderOf } from '../standing.ts';
import { note, type Step } from '../trace.ts';

export interface MailStorageFinding {
  readonly copies: readonly StoredCopy[];
  readonly steps: readonly Step[];
}

/** The copies of a message that was accepted from `reversePath` ("" is the null sender), each kept or not, and why. */
export function storedCopies(organisation: Organisation, reversePath: string): MailStorageFinding {
  const sender = senderOf(organisation, reversePath);
  const mailbox =
    sender.kind === 'registered' ? mailboxOf(organisation, sender.user) : noMailbox(reversePath);
  const copies = [mailbox, vaultCopy(organisation, mailbox)];
  return { copies, steps: copies.map(({ text }) => note('STO-1', text)) };
}

function mailboxOf(organisation: Organisation, { address, organisationalUnit }: User): StoredCopy {
  const { on, setAt } = mailStorageOf(organisation, organisationalUnit);
  const where = setAt === rootUnit ? '' : ` for ${setAt}`;
  return {
    kind: 'mailbox',
    address,
    kept: on,
    text: on
      ? `The mailbox of ${address} keeps a copy, and its spam filter learns the recipients: comprehensive mail storage is on${where}.`
      : `No mailbox keeps a copy: comprehensive mail storage is off${where}, so none is put into that of ${address}.`,
  };
}

function noMailbox(reversePath: string): StoredCopy {
  const why = reversePath === '' ? 'the null sender has none' : `${reversePath} is no registered user`;
  return { kind: 'mailbox', kept: false, text: `No mailbox keeps a copy: ${why}.` };
}

function vaultCopy({ vault }: Organisation, mailbox: StoredCopy): StoredCopy {
  if (!vault) return { kind: 'vault', kept: false, text: 'Vault keeps no copy: it is not used.' };
  if (mailbox.kept) return { kind: 'vault', kept: true, text: 'Vault keeps a copy, as the mailbox does.' };
  return {
    kind: 'vault',
    kept: false,
    text:
      mailbox.address === undefined
        ? 'Vault keeps no copy: it keeps what a user’s mailbox keeps, and there is none.'
        : 'Vault keeps no copy: it keeps relayed mail only where comprehensive mail storage is on.',
  };
}
