/** The frame of the app: status, the certificate authority, and the book of rules. */
import { inForce, ruleBook, ruleIds } from '../policy/rule-book.ts';
import { relayBench } from './implement.ts';

const read = relayBench.status.read.handler(({ context }) => context.engine.status());

const watch = relayBench.status.watch.handler(async function* ({ context, signal }) {
  yield* context.engine.watch(signal);
});

export const status = { read, watch };

export const rules = {
  list: relayBench.rules.list.handler(() =>
    ruleIds().map((id) => ({
      id,
      group: id.split('-')[0] ?? id,
      basis: ruleBook[id].basis,
      text: ruleBook[id].text,
      implemented: inForce(id),
    })),
  ),
};

export const certificateAuthority = relayBench.certificateAuthority.handler(
  ({ context }) => context.engine.certificateAuthority,
);
