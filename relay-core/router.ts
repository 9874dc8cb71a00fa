/** The contract over an engine: one router for the desktop's port, the browser's socket and HTTP. */
import { implement } from '@orpc/server';
import { contract } from './contract/index.ts';
import type { Engine } from './engine.ts';
import { bench } from './router/bench.ts';
import { clock } from './router/clock.ts';
import { messages } from './router/messages.ts';
import { quotas } from './router/quotas.ts';
import { certificateAuthority, rules, status } from './router/status.ts';
import { sessions, transactions } from './router/transactions.ts';

/** Every procedure of the contract over one engine; shells serve it without a context of their own. */
export function createRouter(engine: Engine) {
  return implement(contract)
    .use(({ next }) => next({ context: { engine } }))
    .router({ transactions, sessions, messages, quotas, bench, clock, status, rules, certificateAuthority });
}
