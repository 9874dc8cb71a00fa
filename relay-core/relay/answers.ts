/** Answers to the SMTP room in short. */
import type { CatalogueReply } from '../replies/catalogue.ts';
import type { Answer } from './types.ts';

/** The command did what was asked. */
export function done(reply: CatalogueReply): Answer {
  return { ok: true, reply, afterwards: 'continue' };
}

export function refused(reply: CatalogueReply, afterwards: Answer['afterwards'] = 'continue'): Answer {
  return { ok: false, reply, afterwards };
}
