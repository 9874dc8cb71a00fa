/** Fills the test sender's form in with a transaction, to send it again after a change: as it was, or a little otherwise. */
import { Button } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import type { Transaction } from '../../relay-core/contract/index.ts';
import { type Content, contentFrom, formAgain, mostFormBytes } from '../send/again.ts';
import { fillIn } from '../send/last-values.ts';
import { readMessage } from './message-file.ts';

const contentOf = async ({ id, decision, message }: Transaction): Promise<Content> => {
  if (decision.outcome !== 'accepted' || message === null) return { kind: 'none-kept' };
  if (message.size > mostFormBytes) return { kind: 'too-large', size: message.size };
  const whole = await readMessage(id, 'arrived');
  return contentFrom(new Uint8Array(await whole.arrayBuffer()));
};

export const SendAgain = ({ transaction }: { transaction: Transaction }): ReactNode => {
  const navigate = useNavigate();
  const filling = useMutation({
    mutationFn: async () => formAgain(transaction, await contentOf(transaction)),
    onSuccess: ({ values, from }) => {
      fillIn(values, from);
      void navigate('/send');
    },
  });
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconRepeat size={14} />}
      loading={filling.isPending}
      title={
        filling.isError
          ? 'The message could not be read. Try it again.'
          : 'Fill in the form with this envelope, client and message'
      }
      onClick={() => filling.mutate()}
    >
      {filling.isError ? 'Try again' : 'Send again'}
    </Button>
  );
};
