/** One sending under way: its lines as they come, then its result. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { DialogueLine, SendResult, TestMessage } from '../../relay-core/contract/index.ts';
import { client } from '../api/client.ts';

export const useSending = () => {
  const [lines, setLines] = useState<DialogueLine[]>([]);
  const sending = useMutation({
    mutationFn: async (message: TestMessage): Promise<SendResult> => {
      setLines([]);
      for await (const progress of await client.messages.watch(message)) {
        if (progress.kind === 'done') {
          setLines(progress.result.dialogue);
          return progress.result;
        }
        setLines((before) => [...before, ...progress.lines]);
      }
      throw new Error('The engine ended the dialogue without a result.');
    },
  });
  return { lines, sending };
};
