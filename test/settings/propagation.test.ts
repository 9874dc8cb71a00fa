/** How saved changes come into force: in their turn, on the engine's clock, the version before them deciding until then. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  firstVersion,
  lastSaved,
  maxPending,
  type Propagation,
  settled,
  withLastReplaced,
  withSaved,
} from '../../relay-core/settings/propagation.ts';

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;
const hour = 60 * minute;
const first = firstVersion('first', start);
const inForce = (propagation: Propagation<string>, at: number) => settled(propagation, at).inForce.content;

describe('a saved change', () => {
  test('is in force at once where there is no delay · SET-6', () => {
    expect(withSaved(first, 'second', start, 0)).toMatchObject({
      inForce: { content: 'second' },
      pending: [],
    });
  });
  test('comes into force when the delay is over, to the millisecond · SET-6', () => {
    const propagation = withSaved(first, 'second', start, hour);
    expect(inForce(propagation, start)).toBe('first');
    expect(inForce(propagation, start + hour - 1)).toBe('first');
    expect(inForce(propagation, start + hour)).toBe('second');
  });
  test('does not hold up those behind it, nor overtake: each comes in its turn · SET-6', () => {
    const two = withSaved(withSaved(first, 'second', start, hour), 'third', start + 10 * minute, hour);
    expect(inForce(two, start + hour - 1)).toBe('first');
    expect(inForce(two, start + hour)).toBe('second');
    expect(inForce(two, start + hour + 10 * minute - 1)).toBe('second');
    expect(inForce(two, start + hour + 10 * minute)).toBe('third');
  });
  test('that nobody asks for until all are due is passed over for the last one · SET-6', () => {
    const two = withSaved(withSaved(first, 'second', start, hour), 'third', start + 1, hour);
    expect(settled(two, start + 2 * hour)).toMatchObject({ inForce: { content: 'third' }, pending: [] });
  });
});

describe('a shorter delay', () => {
  test('shortens what is on its way too · SET-6', () => {
    const two = withSaved(withSaved(first, 'second', start, hour), 'third', start + minute, 5 * minute);
    expect(inForce(two, start + 6 * minute - 1)).toBe('first');
    expect(inForce(two, start + 6 * minute)).toBe('third');
  });
  test('of none brings everything into force · SET-6', () => {
    const slow = withSaved(first, 'second', start, hour);
    expect(withSaved(slow, 'third', start + 1, 0)).toMatchObject({
      inForce: { content: 'third' },
      pending: [],
    });
    expect(withLastReplaced(slow, 'second, faster', start + 1, 0)).toMatchObject({
      inForce: { content: 'second, faster' },
      pending: [],
    });
  });
});

test('what concerns nobody but the bench is taken into the version saved last · SET-6', () => {
  expect(withLastReplaced(first, 'first, other port', start, hour)).toMatchObject({
    inForce: { number: 1, content: 'first, other port' },
    pending: [],
  });
  const pending = withSaved(first, 'second', start, hour);
  expect(withLastReplaced(pending, 'second, other port', start + minute, hour)).toMatchObject({
    inForce: { content: 'first' },
    pending: [{ number: 2, content: 'second, other port', inForceAt: start + hour }],
  });
});

test('a clock that was started over leaves nothing on its way · SET-6', () => {
  const propagation = withSaved(first, 'second', start + 24 * hour, hour);
  expect(inForce(propagation, start + 24 * hour)).toBe('first');
  expect(inForce(propagation, start)).toBe('second');
});

test('so many versions are on their way, and no more; the newest is among them', () => {
  let propagation = first;
  for (let each = 2; each <= maxPending + 10; each++) {
    propagation = withSaved(propagation, `version ${each}`, start + each, hour);
  }
  expect(propagation.pending).toHaveLength(maxPending);
  expect(lastSaved(propagation).content).toBe(`version ${maxPending + 10}`);
});

test('whatever is saved when: versions come in the order they were saved, none after its delay, and the last one wins · SET-6', () => {
  const saving = fc.record({
    after: fc.integer({ min: 0, max: 2 * hour }),
    delay: fc.integer({ min: 0, max: hour }),
  });
  fc.assert(
    fc.property(fc.array(saving, { minLength: 1, maxLength: 12 }), (savings) => {
      let at = start;
      let propagation = firstVersion(1, start);
      for (const [index, { after, delay }] of savings.entries()) {
        at += after;
        propagation = withSaved(propagation, index + 2, at, delay);
        const numbers = [propagation.inForce, ...propagation.pending].map(({ number }) => number);
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        const times = propagation.pending.map(({ inForceAt }) => inForceAt);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(times.every((time) => time > at && time <= at + delay)).toBe(true);
      }
      expect(settled(propagation, at + hour).inForce.content).toBe(savings.length + 1);
    }),
  );
});
