/** What is known of clients stays small, however many names and addresses they claim (HEL-3). */
import { describe, expect, test } from 'vitest';
import { createClientHabits } from '../../relay-core/relay/client-habits.ts';

const start = Date.UTC(2026, 0, 1);
/** Addresses, or names, that are known at once. */
const most = 5_000;

describe('generic names', () => {
  test('beyond the most that are known, that whose last connection is longest ago is forgotten · HEL-3', () => {
    const habits = createClientHabits();
    for (let number = 0; number < most; number++) habits.greetedGenerically(`printer${number}`, start);
    habits.greetedGenerically('PRINTER0', start + 1);
    habits.greetedGenerically('another', start + 2);
    expect(habits.seenGenerically('printer0', start + 2)).toBe(2);
    expect(habits.seenGenerically('printer1', start + 2)).toBe(0);
    expect(habits.seenGenerically('printer2', start + 2)).toBe(1);
    expect(habits.seenGenerically('another', start + 2)).toBe(1);
  });
});

describe('addresses', () => {
  const address = (number: number) => `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
  const comeAndGo = (habits: ReturnType<typeof createClientHabits>, count: number, now: number) => {
    for (let number = 0; number < count; number++) {
      habits.connected(address(number), now);
      habits.disconnected(address(number), 0, now);
    }
  };
  test('beyond the most that are known, that whose last connection is longest ago is forgotten · HEL-3', () => {
    const habits = createClientHabits();
    comeAndGo(habits, most, start);
    habits.connected(address(0), start + 1);
    habits.disconnected(address(0), 0, start + 1);
    habits.connected('192.0.2.1', start + 2);
    const perMinute = (of: string) => habits.seen(of, start + 2).connectionsPerMinute;
    expect([address(0), address(1), address(2), '192.0.2.1'].map(perMinute)).toEqual([2, 0, 1, 1]);
  });
  test('that are connected are not forgotten, however long and however many come behind · HEL-3', () => {
    const habits = createClientHabits();
    for (let number = 0; number < 3; number++) habits.connected('192.0.2.1', start);
    comeAndGo(habits, 3 * most, start + 1);
    expect(habits.seen('192.0.2.1', start + 2)).toMatchObject({
      connectionsAtOnce: 3,
      connectionsPerMinute: 3,
    });
    comeAndGo(habits, 3 * most, start + 120_000);
    expect(habits.seen('192.0.2.1', start + 120_000)).toMatchObject({ connectionsAtOnce: 3 });
  });
  test('cost the same to know however many they are: tens of thousands within a minute take no walk each', () => {
    const habits = createClientHabits();
    const began = process.cpuUsage();
    comeAndGo(habits, 40_000, start);
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1_000).toBeLessThan(3_000);
  });
});
