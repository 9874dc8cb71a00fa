/** The list without rows: nothing yet (how to make the first), or nothing that fits the filter. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ListenerState } from '../../relay-core/contract/index.ts';
import { useStatus } from '../api/snapshot.ts';
import { EmptyState } from '../design/empty-state.tsx';
import { EndedBeforeMail } from './ended-before-mail.tsx';

const fallback = { host: '127.0.0.1', port: 2525 };

const commandsFor = (relay: Pick<ListenerState, 'host' | 'port'>, domain: string) => [
  {
    what: 'Postfix, in main.cf, then postfix reload',
    command: `relayhost = [${relay.host}]:${relay.port}`,
  },
  {
    what: 'swaks',
    command: `swaks --server ${relay.host}:${relay.port} --ehlo mail.${domain} --from anna@${domain} --to someone@example.org`,
  },
];

export const NoTransactions = (): ReactNode => {
  const status = useStatus();
  const relay = status?.listeners.find(({ role }) => role === 'relay') ?? fallback;
  return (
    <EmptyState
      title="No transactions yet"
      commands={commandsFor(relay, status?.primaryDomain ?? 'example.com')}
      action={{ label: 'Send a test message from here', to: '/send' }}
    >
      <EndedBeforeMail place="empty-list" />
      Each SMTP transaction with this engine will stand here, accepted or refused, with the rules that
      decided. Point a mail server at the engine, or try one message by hand. Nothing is delivered onward.
    </EmptyState>
  );
};

export const NothingFits = ({ onClear }: { onClear: () => void }): ReactNode => (
  <EmptyState title="No transaction fits">
    <p>
      The search looks through senders, recipients, subjects, HELO names and client addresses. New
      transactions that fit will be offered here.
    </p>
    <Button mt="sm" variant="default" onClick={onClear}>
      Show all transactions
    </Button>
  </EmptyState>
);
