/** The contract, ready to be implemented; every procedure gets the engine as its context. */
import { implement } from '@orpc/server';
import { contract } from '../contract/index.ts';
import type { Engine } from '../engine.ts';

export interface RouterContext {
  readonly engine: Engine;
}

export const relayBench = implement(contract).$context<RouterContext>();
