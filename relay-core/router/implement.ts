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

export const relayBench = implement(contract).$context<RouterContext>();
