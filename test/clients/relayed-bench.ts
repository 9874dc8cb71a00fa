/**
 * The bench that the client tests share: head office's range, this machine, and applications that sign in; and the engine
 * over it, with a listener behind PROXY.
 */
import { type BenchInput, setting, testBench } from '../fixtures/engine.ts';

export const clientsBench: BenchInput = testBench({
  settings: [
    {
      description: 'Head office',
      allowedSenders: 'registered-users',
      authentication: { ipRanges: [{ description: 'Head office', range: '203.0.113.0/28' }] },
    },
    setting({ description: 'This machine', allowedSenders: 'any' }),
  ],
  listeners: { proxy: 0 },
});

/** The name that the engine's certificate is for, as that of the real service. */
export const relayName = 'smtp-relay.gmail.com';

export const foreignSender = 'shop@partner.example.org';

/** What stands between the command lines of a dialogue: who said what, without times. */
export const clientCommands = (transaction: {
  readonly dialogue: readonly { readonly direction: string; readonly text: string }[];
}): string[] =>
  transaction.dialogue.filter(({ direction }) => direction === 'client').map(({ text }) => text);

/** No domain has a label of 70 letters: refused at RCPT (bad-domain). */
export const impossibleRecipient = `nobody@${'x'.repeat(70)}.example`;
