/** The engine against docs/decision-table.md: every combination of port, channel, setting, address, HELO name and sender. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Configuration, SessionFacts } from '../../relay-core/policy/types.ts';
import { atData, atMail, authenticatedAs, tls13, unlisted, withSetting } from './organisation-of-tests.ts';

const page = readFileSync(new URL('../../docs/decision-table.md', import.meta.url), 'utf8');

/** The conditions of the table in the order of its columns, with every value each can have. */
const columns = {
  port: ['relay', 'submission', 'smtps'],
  channel: ['plain', 'tls', 'auth'],
  boxes: ['ip', 'auth', 'both'],
  address: ['listed', 'switched-off', 'unlisted'],
  tls: ['required', 'not required'],
  helo: ['own', 'foreign'],
  allowed: ['registered-users', 'domain-addresses', 'any'],
  sender: ['user', 'alias', 'suspended', 'unregistered', 'foreign', 'null'],
} as const;

type Column = keyof typeof columns;
type Case = { readonly [Name in Column]: (typeof columns)[Name][number] };

const names: readonly Column[] = ['port', 'channel', 'boxes', 'address', 'tls', 'helo', 'allowed', 'sender'];

interface Row {
  readonly conditions: readonly (readonly string[])[];
  readonly answer: string;
}

const rows: Row[] = page
  .split('\n')
  .filter((line) => line.startsWith('|') && !line.startsWith('| port') && !line.startsWith('|---'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  .map((cells) => ({
    conditions: cells.slice(0, names.length).map((cell) =>
      cell
        .split(',')
        .map((value) => value.trim())
        .filter((value) => value !== ''),
    ),
    answer: cells
      .slice(names.length)
      .filter((cell) => cell !== '')
      .join(' · '),
  }));

function expectedFor(each: Case): string {
  const row = rows.find(({ conditions }) =>
    conditions.every((values, index) => values.length === 0 || values.includes(each[names[index] ?? 'port'])),
  );
  return row?.answer ?? 'no row';
}

/** Every combination that a client can be in: 465 is never plain text. */
function* combinations(): Generator<Case> {
  const { port, channel, boxes, address, tls, helo, allowed, sender } = columns;
  for (const p of port)
    for (const c of channel)
      for (const b of boxes)
        for (const a of address)
          for (const t of tls)
            for (const h of helo)
              for (const l of allowed)
                for (const s of sender) {
                  if (p === 'smtps' && c === 'plain') continue;
                  yield { port: p, channel: c, boxes: b, address: a, tls: t, helo: h, allowed: l, sender: s };
                }
}

const senders: Readonly<Record<Case['sender'], string>> = {
  user: 'anna@example.com',
  alias: 'a.svensson@example.com',
  suspended: 'former@example.com',
  unregistered: 'printer@example.com',
  foreign: 'joe@elsewhere.org',
  null: '',
};

const addresses = { listed: '203.0.113.9', 'switched-off': '192.0.2.9', unlisted } as const;
const ranges = [{ range: '203.0.113.0/28' }, { range: '192.0.2.0/28', enabled: false }];

function settingFor({ boxes, tls, allowed }: Case): Configuration {
  return withSetting({
    allowedSenders: allowed,
    requireTls: tls === 'required',
    authentication: { ...(boxes === 'auth' ? {} : { ipRanges: ranges }), smtpAuth: boxes !== 'ip' },
  });
}

function sessionFor({ port, channel, address, helo }: Case): Partial<SessionFacts> {
  return {
    portRole: port,
    clientAddress: addresses[address],
    heloName: helo === 'own' ? 'mx9.example.net' : 'mail.elsewhere.org',
    ...(channel === 'tls' ? { tls: tls13 } : {}),
    ...(channel === 'auth' ? authenticatedAs('anna@example.com') : {}),
  };
}

function answerOf(each: Case, configuration: Configuration): string {
  const asked = { from: senders[each.sender], session: sessionFor(each) };
  const atMailDecision = atMail(asked, configuration);
  if (atMailDecision.outcome === 'rejected')
    return `${atMailDecision.reply.id} · MAIL · ${atMailDecision.rule}`;
  const decision = atData(asked, configuration);
  if (decision.outcome === 'rejected') return `${decision.reply.id} · DATA · ${decision.rule}`;
  return decision.reversePath === asked.from ? 'accepted unchanged' : `accepted as ${decision.reversePath}`;
}

test('all 5,184 combinations are answered as the table says · SND-1 · AUT-1 · IDN-1', () => {
  const configurations = new Map<string, Configuration>();
  const wrong: string[] = [];
  let asked = 0;
  for (const each of combinations()) {
    const key = `${each.boxes} ${each.tls} ${each.allowed}`;
    const configuration = configurations.get(key) ?? settingFor(each);
    configurations.set(key, configuration);
    const [expected, answer] = [expectedFor(each), answerOf(each, configuration)];
    asked++;
    if (expected !== answer)
      wrong.push(`${Object.values(each).join(', ')}: expected ${expected}, got ${answer}`);
  }
  expect(wrong.slice(0, 20)).toEqual([]);
  expect(asked).toBe(5184);
});

test('every row of the table decides at least one combination', () => {
  const deciding = new Set(
    [...combinations()].map((each) => rows.findIndex(({ answer }) => answer === expectedFor(each))),
  );
  expect(deciding.size).toBe(new Set(rows.map(({ answer }) => answer)).size);
});
