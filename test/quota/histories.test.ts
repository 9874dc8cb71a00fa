/**
 * The counts against a naive recount over random histories: messages, reservations, releases, restarts, clock jumps,
 * windows filled in by hand, and starting over.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import { createQuotaCounts } from '../../relay-core/quota/counts.ts';
import type { QuotaDemand, Reservation } from '../../relay-core/quota/types.ts';
import { dayMs, tenMinutesMs } from '../../relay-core/quota/windows.ts';
import { asText } from './charges-as-text.ts';
import { type Recount, recountWindows } from './recount.ts';

const user = fc.constantFrom(null, addressKey('anna@example.com'), addressKey('bo@example.net'));
const recipient = fc
  .oneof(
    fc.nat({ max: 12 }).map((number) => `r${number}@example.org`),
    fc.constantFrom(
      'å@exempel.example',
      'a-local-part-that-is-longer-than-one-record-would-hold@a-long-domain-name.example.org',
    ),
  )
  .map(addressKey);
const demand: fc.Arbitrary<QuotaDemand> = fc.record({
  user,
  recipients: fc.array(recipient, { minLength: 1, maxLength: 6 }),
});
const fill = fc.oneof(
  fc.record({
    window: fc.constantFrom('customer-recipients-day' as const, 'customer-recipients-ten-minutes' as const),
    user: fc.constant(null),
    amount: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({
    window: fc.constantFrom('user-messages-day' as const, 'user-unique-recipients-day' as const),
    user: fc.constantFrom(addressKey('anna@example.com'), addressKey('bo@example.net')),
    amount: fc.integer({ min: 1, max: 9 }),
  }),
);
/** Mostly small steps; and those that bring the clock to, just before or just past the end of a window. */
const step = fc.oneof(
  fc.nat({ max: 3 }),
  fc.nat({ max: tenMinutesMs }),
  fc.constantFrom(tenMinutesMs - 1, tenMinutesMs, dayMs / 2, dayMs - 1, dayMs, dayMs + 1, 40 * dayMs),
);
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('message' as const), demand }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('reserve' as const), demand }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('charge' as const), which: fc.nat(), late: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), which: fc.nat() }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('clock' as const), step }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('restart' as const), pieces: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fill' as const), fill }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove fills' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('start over' as const) }) },
);

test('every window is what a recount of the whole history gives, to the millisecond · UQ-1 UQ-2 UQ-5 CQ-1 CQ-2 CQ-3 CQ-8 CQ-9', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 120 }), demand, (events, asked) => {
      const recount: Recount = { charged: [], filled: [], held: new Set() };
      const open: { readonly reservation: Reservation; readonly demand: QuotaDemand }[] = [];
      let counts = createQuotaCounts();
      const start = 1_700_000_000_000;
      let now = start;

      const reserve = (demand: QuotaDemand) => {
        open.push({ reservation: counts.reserve(demand, now), demand });
        recount.held.add(demand);
      };
      const end = (which: number) => {
        const [ended] = open.splice(which % open.length, 1);
        if (ended !== undefined) recount.held.delete(ended.demand);
        return ended;
      };
      /** At the present time; or late: at the time it was reserved, if nothing was charged after it. */
      const charge = (which: number, late: boolean) => {
        const ended = end(which);
        if (ended === undefined) return;
        const { reservedAt } = ended.reservation;
        const at = late ? Math.min(now, Math.max(reservedAt, recount.charged.at(-1)?.at ?? 0)) : now;
        const entry = counts.charge(ended.reservation, at);
        expect(entry).toEqual({ at, ...ended.demand });
        recount.charged.push(entry);
      };

      for (const event of events) {
        if (event.kind === 'clock') now += event.step;
        if (event.kind === 'reserve') reserve({ ...event.demand });
        if (event.kind === 'message') {
          reserve({ ...event.demand });
          charge(open.length - 1, false);
        }
        if (event.kind === 'charge' && open.length > 0) charge(event.which, event.late);
        if (event.kind === 'release' && open.length > 0) {
          const ended = end(event.which);
          if (ended !== undefined) {
            counts.release(ended.reservation);
            counts.release(ended.reservation);
          }
        }
        if (event.kind === 'restart') {
          counts = createQuotaCounts();
          const restore = counts.restorer(now);
          const perPiece = Math.ceil(recount.charged.length / event.pieces);
          for (let first = 0; first < recount.charged.length; first += perPiece) {
            const piece = recount.charged.slice(first, first + perPiece);
            expect(restore(asText(piece))).toBe(piece.length);
          }
          for (const entry of recount.filled) counts.fill(entry);
          open.length = 0;
          recount.held.clear();
        }
        if (event.kind === 'fill') {
          const entry = { at: now, ...event.fill };
          counts.fill(entry);
          recount.filled.push(entry);
        }
        if (event.kind === 'remove fills' || event.kind === 'start over') recount.filled.length = 0;
        if (event.kind === 'remove fills') counts.removeFills();
        if (event.kind === 'start over') {
          counts.startOver();
          recount.charged.length = 0;
          now = start;
        }
        expect(counts.counts(asked, now)).toEqual(recountWindows(recount, asked, now));
      }
      for (const [name] of [[addressKey('anna@example.com')], [addressKey('bo@example.net')]] as const) {
        const recounted = recountWindows(recount, { user: name, recipients: [] }, now);
        const states = [...counts.customer(now), ...counts.user(name, now)];
        expect(states).toEqual(recounted.map(({ wanted: _, ...state }) => state));
        const active = recounted.some((window) => window.user !== null && window.used + window.reserved > 0);
        expect(counts.activeUsers(now).includes(name)).toBe(active);
      }
    }),
    { numRuns: 600 },
  );
});
