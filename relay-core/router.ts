/** The contract over an engine: one router for the desktop's port, the browser's socket and HTTP. */
import { implement } from '@orpc/server';
import { type AuditAuthor, contract } from './contract/index.ts';
import type { Engine } from './engine.ts';
import { alerts } from './router/alerts.ts';
import { auditLog } from './router/audit-log.ts';
import { bench } from './router/bench.ts';
import { clock } from './router/clock.ts';
import { findings } from './router/findings.ts';
import { messages } from './router/messages.ts';
import { organisationalUnits } from './router/organisational-units.ts';
import { quotas } from './router/quotas.ts';
import { certificateAuthority, rules, status } from './router/status.ts';
import { sessions, transactions } from './router/transactions.ts';
import { whatIf } from './router/what-if.ts';

/**
 * Every procedure of the contract over one engine; shells serve it without a context of their own.
 * @param author who changes things through it, for the audit log
 */
export function createRouter(engine: Engine, author: AuditAuthor) {
  return implement(contract)
    .use(({ next }) => next({ context: { engine, author } }))
    .router({
      transactions,
      sessions,
      findings,
      alerts,
      messages,
      quotas,
      bench,
      auditLog,
      organisationalUnits,
      whatIf,
      clock,
      status,
      rules,
      certificateAuthority,
    });
}
