/**
 * The one typed API: the desktop page uses it over a MessagePort, the browser page over a WebSocket, scripts over HTTP.
 * This folder is the only part of relay-core that renderer/ may import, so it imports nothing but zod and oRPC.
 * Streams carry coalesced snapshots, since oRPC has no backpressure; bulk goes by cursor.
 */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { auditLogSchema } from './audit-log.ts';
import {
  benchChangeSchema,
  benchCheckSchema,
  benchDraftedSchema,
  benchDraftSchema,
  benchOnDiskSchema,
  benchReplacedSchema,
  benchSchema,
} from './bench.ts';
import { clockChangeSchema, clockSchema, clockStepSchema } from './clock.ts';
import { contractErrors } from './errors.ts';
import { alertsSchema, findingGroupsInputSchema, findingGroupsSchema, findingsSchema } from './findings.ts';
import { messageFormSchema, sendProgressSchema, sendResultSchema, testMessageSchema } from './message.ts';
import {
  organisationalUnitsSchema,
  unitSettingsDraftSchema,
  unitSettingsSchema,
} from './organisational-units.ts';
import {
  quotaFillSchema,
  quotaFillsRemovedSchema,
  quotaHistorySchema,
  quotasSchema,
  quotaWindowStateSchema,
} from './quotas.ts';
import { ruleSchema, snapshotSchema, statusSchema } from './status.ts';
import {
  messageViewSchema,
  sessionSchema,
  transactionSchema,
  transactionSummarySchema,
} from './transaction.ts';
import {
  differencesInputSchema,
  differencesSchema,
  whatIfDraftSchema,
  whatIfProgressSchema,
  whatIfResultSchema,
} from './what-if.ts';
import { outcomeSchema, pageInput, pageOfPartsInput, quotaWindowSchema } from './words.ts';

export * from './audit-log.ts';
export * from './bench.ts';
export * from './clock.ts';
export * from './content.ts';
export * from './errors.ts';
export * from './findings.ts';
export * from './message.ts';
export * from './organisational-units.ts';
export * from './pending-version.ts';
export * from './quotas.ts';
export * from './remedies.ts';
export * from './status.ts';
export * from './storage.ts';
export * from './transaction.ts';
export * from './what-if.ts';
export * from './word-tables.ts';
export * from './words.ts';

const procedure = oc.errors(contractErrors);
const byId = z.object({ id: z.string().min(1).max(200) });

export const contract = {
  transactions: {
    list: procedure
      .route({
        method: 'GET',
        path: '/transactions',
        summary: 'Transactions, newest first, without their dialogue',
      })
      .input(
        z.object({ ...pageInput, outcome: outcomeSchema.optional(), search: z.string().max(500).optional() }),
      )
      .output(z.object({ items: z.array(transactionSummarySchema), nextCursor: z.string().nullable() })),
    get: procedure
      .route({ method: 'GET', path: '/transactions/{id}', summary: 'One transaction, with its dialogue' })
      .input(byId)
      .output(transactionSchema),
    message: procedure
      .route({
        method: 'GET',
        path: '/transactions/{id}/message',
        summary: 'The parts of the stored message',
      })
      .input(byId)
      .output(messageViewSchema),
    /**
     * The message as it arrived or as it would have been relayed, a piece at a time (at most 1 MiB), since large
     * bodies choke a port. Over HTTP, `GET /api/transactions/{id}/message.eml` and `…/relayed.eml` serve them whole.
     */
    messagePiece: procedure
      .route({
        method: 'GET',
        path: '/transactions/{id}/message-piece',
        summary: 'A piece of the message, as it arrived or as relayed',
      })
      .input(
        byId.extend({
          offset: z.coerce.number().int().min(0).default(0),
          form: messageFormSchema.default('arrived'),
        }),
      )
      .output(
        z.object({
          contentBase64: z.string(),
          nextOffset: z.number().int().nullable(),
          size: z.number().int(),
        }),
      ),
  },
  sessions: {
    get: procedure
      .route({
        method: 'GET',
        path: '/sessions/{id}',
        summary: 'A connection: its lines, transactions and findings',
      })
      .input(byId)
      .output(sessionSchema),
  },
  findings: {
    list: procedure
      .route({
        method: 'GET',
        path: '/findings',
        summary: 'What connections say about how clients are set up',
      })
      .input(z.object(pageOfPartsInput))
      .output(findingsSchema),
    groups: procedure
      .route({
        method: 'GET',
        path: '/findings/groups',
        summary: 'Findings put together by rule, client and text, with how often and since when',
      })
      .input(findingGroupsInputSchema)
      .output(findingGroupsSchema),
  },
  alerts: {
    list: procedure
      .route({ method: 'GET', path: '/alerts', summary: 'Alerts to the super administrator, newest first' })
      .input(z.object(pageInput))
      .output(alertsSchema),
  },
  messages: {
    send: procedure
      .route({ method: 'POST', path: '/messages', summary: 'Send a test message to the engine' })
      .input(testMessageSchema)
      .output(sendResultSchema),
    /** The same, reporting dialogue lines as they happen. */
    watch: procedure
      .route({
        method: 'POST',
        path: '/messages/watch',
        summary: 'Send a test message and follow its dialogue',
      })
      .input(testMessageSchema)
      .output(eventIterator(sendProgressSchema)),
  },
  quotas: {
    list: procedure
      .route({
        method: 'GET',
        path: '/quotas',
        summary: 'Quota windows: the customer’s, then users by share of limit',
      })
      .input(
        z.object({
          ...pageInput,
          /** Users; with 0 the customer's windows come alone. */
          limit: z.coerce.number().int().min(0).max(500).default(100),
          search: z.string().max(500).optional(),
          /** The size that `messagesThatFit` asks about. */
          recipients: z.coerce.number().int().min(1).default(1),
        }),
      )
      .output(quotasSchema),
    history: procedure
      .route({ method: 'GET', path: '/quotas/history', summary: 'One window’s use over time' })
      .input(z.object({ window: quotaWindowSchema, user: z.string().max(320).optional() }))
      .output(quotaHistorySchema),
    fill: procedure
      .route({
        method: 'POST',
        path: '/quotas/fill',
        summary: 'Fill one window up to a use, by entries marked as simulated',
      })
      .input(quotaFillSchema)
      .output(quotaWindowStateSchema),
    removeFills: procedure
      .route({ method: 'DELETE', path: '/quotas/fill', summary: 'Take out everything that was filled in' })
      .output(quotaFillsRemovedSchema),
  },
  bench: {
    read: procedure
      .route({ method: 'GET', path: '/bench', summary: 'The bench file, secrets as hashes' })
      .output(benchSchema),
    replace: procedure
      .route({ method: 'PUT', path: '/bench', summary: 'Replace the bench file, whole or not at all' })
      .input(benchDraftSchema)
      .output(benchReplacedSchema),
    disk: procedure
      .route({
        method: 'GET',
        path: '/bench/disk',
        summary: 'What the bench file holds on disk, when that is not what runs',
      })
      .output(benchOnDiskSchema),
    /** For a remedy's change: the running file with it, or a draft, to be looked at and saved by `replace`. */
    draft: procedure
      .route({
        method: 'POST',
        path: '/bench/draft',
        summary: 'The running bench file, or a draft of it, with a change; not saved',
      })
      .input(benchChangeSchema)
      .output(benchDraftedSchema),
    check: procedure
      .route({ method: 'POST', path: '/bench/check', summary: 'What a draft bench file would be told' })
      .input(benchDraftSchema)
      .output(benchCheckSchema),
    schema: procedure
      .route({ method: 'GET', path: '/bench/schema.json', summary: 'The JSON Schema of the bench file' })
      .output(z.record(z.string(), z.unknown())),
  },
  auditLog: {
    list: procedure
      .route({ method: 'GET', path: '/audit-log', summary: 'Changes of the bench file, newest first' })
      .input(z.object(pageInput))
      .output(auditLogSchema),
  },
  organisationalUnits: {
    list: procedure
      .route({ method: 'GET', path: '/organisational-units', summary: 'The root and the units below it' })
      .input(z.object(pageInput))
      .output(organisationalUnitsSchema),
    /** `{path}` is percent-encoded: `%2FSales%2FNorth`; the root is `%2F`. */
    settings: procedure
      .route({
        method: 'GET',
        path: '/organisational-units/{path}/settings',
        summary: 'A unit’s relay settings; below the root they are inherited and read-only',
      })
      .input(z.object({ path: z.string().min(1).max(1_000) }))
      .output(unitSettingsSchema),
    replaceSettings: procedure
      .route({
        method: 'PUT',
        path: '/organisational-units/{path}/settings',
        summary: 'Replace the relay settings, at the root only',
      })
      .input(unitSettingsDraftSchema)
      .output(benchReplacedSchema),
  },
  whatIf: {
    run: procedure
      .route({
        method: 'POST',
        path: '/what-if',
        summary: 'How the stored transactions would have ended under a draft bench file',
      })
      .input(whatIfDraftSchema)
      .output(whatIfResultSchema),
    /** The same, telling how far it has come. */
    watch: procedure
      .route({
        method: 'POST',
        path: '/what-if/watch',
        summary: 'Run a draft over the stored transactions and follow how far it has come',
      })
      .input(whatIfDraftSchema)
      .output(eventIterator(whatIfProgressSchema)),
    differences: procedure
      .route({
        method: 'GET',
        path: '/what-if/{resultId}',
        summary: 'The transactions that would have ended otherwise, newest first',
      })
      .input(differencesInputSchema)
      .output(differencesSchema),
  },
  clock: {
    read: procedure
      .route({ method: 'GET', path: '/clock', summary: 'The engine’s clock' })
      .output(clockSchema),
    change: procedure
      .route({
        method: 'PUT',
        path: '/clock',
        summary: 'Change the clock’s pace or offset, or start over with wall time and empty windows',
      })
      .input(clockChangeSchema)
      .output(clockSchema),
    advance: procedure
      .route({
        method: 'POST',
        path: '/clock/advance',
        summary: 'Step the clock on by minutes, or to the next free place; then it runs at 1×',
      })
      .input(clockStepSchema)
      .output(clockSchema),
  },
  status: {
    read: procedure
      .route({ method: 'GET', path: '/status', summary: 'Organisation, listeners, notices' })
      .output(statusSchema),
    /** A snapshot now, and one whenever something changed, at most every 100 ms. */
    watch: procedure
      .route({ method: 'GET', path: '/status/watch', summary: 'Snapshots as things change' })
      .output(eventIterator(snapshotSchema)),
  },
  rules: {
    list: procedure
      .route({ method: 'GET', path: '/rules', summary: 'Every rule of the relay, with its text' })
      .output(z.array(ruleSchema)),
  },
  certificateAuthority: procedure
    .route({
      method: 'GET',
      path: '/certificate-authority',
      summary: 'The local certificate authority, for copying',
    })
    .output(z.object({ pem: z.string(), fingerprint256: z.string(), notAfter: z.string() })),
};

export type RelayBenchContract = typeof contract;
