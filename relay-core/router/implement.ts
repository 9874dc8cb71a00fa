/** The contract, ready to be implemented; every procedure gets the engine as its context. */
import { implement } from '@orpc/server';
import type { AuditAuthor } from '../contract/audit-log.ts';
import { contract } from '../contract/index.ts';
import type { Engine } from '../engine.ts';

export interface RouterContext {
  readonly engine: Engine;
  /** Who changes things through this router; the audit log names it (SET-7). */
  readonly author: AuditAuthor;
}

/** Whoever asks finds what clients were answered before: the store writes beside, so it is waited for. */
export const relayBench = implement(contract)
  .$context<RouterContext>()
  .use(async ({ context, next }) => {
    await context.engine.store.settled();
    return next();
  });
