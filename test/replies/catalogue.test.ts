/** The catalogue against reply-texts.md, entry by entry: codes, words, stage, rules, how well it is founded, line breaks. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type CatalogueReply,
  type ReplyId,
  reply,
  replyCatalogue,
} from '../../relay-core/replies/catalogue.ts';
import { renderReply } from '../../relay-core/replies/render.ts';
import { makeSessionId } from '../../relay-core/replies/session-id.ts';

const specification = readFileSync(new URL('../../docs/spec/reply-texts.md', import.meta.url), 'utf8');
const sessionId = makeSessionId(() => 4);
const ip = '203.0.113.9';

/** Rows of the table "Refusals". One row may name several entries. */
interface Row {
  readonly id: string;
  readonly code: number;
  readonly enhancedCode: string;
  readonly text: string;
  readonly stage: string;
  readonly rules: readonly string[];
  readonly mark: string;
}

const rows: Row[] = specification
  .split('\n')
  .filter((line) => /^\| [a-z][a-z0-9, -]+ \| \d{3} \| \d\.\d\.\d+ \|/.test(line))
  .flatMap((line) => {
    const [, ids = '', code = '', enhancedCode = '', ...cells] = line.split('|').map((cell) => cell.trim());
    const [stage = '', rules = '', mark = ''] = cells.slice(-4, -1);
    const text = cells.join('|');
    const quoted = [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
    return ids.split(', ').map((id, index) => ({
      id,
      code: Number(code),
      enhancedCode,
      text: quoted[ids.includes(',') ? index : 0] ?? '',
      stage,
      rules: rules.match(/[A-Z]{3}-\d+|UQ-\d+|CQ-\d+/g) ?? [],
      mark,
    }));
  });

/** The values a text needs, so that every entry can be worded. */
const worded: Readonly<Record<string, CatalogueReply>> = {
  'relay-denied': reply('relay-denied', { ip: '<ip>', domains: ['<list>'] }),
  'invalid-credentials': reply('invalid-credentials', { ip: '<ip>' }),
  'try-later': reply('try-later', { command: 'EHLO' }),
  'invalid-helo': reply('invalid-helo', { name: '<name>' }),
  spam: reply('spam', { ip: '<ip>' }),
  'unsolicited-rate': reply('unsolicited-rate', { ip: '<ip>' }),
};

function isReplyId(id: string): id is ReplyId {
  return Object.hasOwn(replyCatalogue, id);
}

/** The words of a text without the marks of line breaks, links shortened as the specification does. */
function words(text: string): string {
  return text
    .replace(/[¶\n]/g, ' ')
    .replace(/ \/ /g, ' ')
    .replace(/␣/g, '')
    .replaceAll('https://support.google.com/a/answer/6140680', '…/6140680')
    .replace(/ +/g, ' ')
    .trim();
}

describe('every refusal of the specification', () => {
  test('is found: the table was read', () => {
    expect(rows.length).toBeGreaterThan(30);
  });
  test.each(rows)('$id says what the specification says', ({ id, code, enhancedCode, text, ...row }) => {
    expect(isReplyId(id), `${id} is in the catalogue`).toBe(true);
    if (!isReplyId(id)) return;
    const entry = replyCatalogue[id];
    expect([entry.code, entry.enhancedCode]).toEqual([code, enhancedCode]);
    const plain = worded[id] ?? { id, text: renderPlain(id) };
    expect(words(plain.text)).toBe(words(text));
    expect(row.mark.split(';')[0]).toMatch(new RegExp(`^${entry.mark}\\b`));
    expect(entry.rules).toEqual(expect.arrayContaining([...row.rules]));
    for (const stage of entry.stage.split(', ')) expect(row.stage).toContain(stage);
  });
  test('has a row there, or is marked as our own', () => {
    const inRowOfAnother: readonly string[] = ['too-many-unknown-commands'];
    const known = new Set([...rows.map(({ id }) => id), ...inRowOfAnother]);
    const unfounded = Object.entries(replyCatalogue)
      .filter(([id, { code, mark }]) => code >= 400 && mark !== 'ours' && !known.has(id))
      .map(([id]) => id);
    expect(unfounded).toEqual([]);
  });
});

/** Entries without values give their text to anybody. */
function renderPlain(id: ReplyId): string {
  const lines = renderReply(reply(id as 'closing'), { sessionId, wording: 'g-suite' }).lines;
  return lines
    .map((line) => line.replace(/^\d{3}[ -](?:\d\.\d\.\d+ )?/, '').replace(/(?: - gcdp)? [^ ]+ - gsmtp$/, ''))
    .join(' ');
}

describe('line breaks', () => {
  const rendered = (each: CatalogueReply, wording: 'g-suite' | 'workspace' = 'g-suite') =>
    renderReply(each, { sessionId, wording }).lines;

  test('the first line of a paragraph holds 70 characters of text, later ones 69, a link opens its own', () => {
    expect(rendered(reply('customer-day'))).toEqual([
      '550-5.7.1 Daily SMTP relay limit exceeded for customer. For more information on',
      '550-5.7.1 SMTP relay sending limits please contact your administrator or visit',
      `550 5.7.1  https://support.google.com/a/answer/6140680#dailylimit ${sessionId} - gsmtp`,
    ]);
  });
  test('the captured refusal of an address that is not registered comes out as captured · AUT-1', () => {
    const lines = rendered(
      reply('relay-denied', { ip: '198.51.100.77', domains: ['mail.example.org', 'example.org'] }),
    );
    expect(lines[0]).toBe('550-5.7.0 Mail relay denied [198.51.100.77]. Invalid credentials for relay for');
    expect(lines[1]).toBe('550-5.7.0 one of the domains in: mail.example.org, example.org (as obtained');
    expect(lines.at(-1)).toBe(
      `550 5.7.0  https://support.google.com/a/answer/6140680#maildenied ${sessionId} - gsmtp`,
    );
  });
  test('every line repeats code and enhanced code, and only the last has no dash', () => {
    for (const line of rendered(reply('invalid-credentials', { ip })).slice(0, -1))
      expect(line).toMatch(/^550-5\.7\.1 /);
    expect(rendered(reply('invalid-credentials', { ip })).at(-1)).toMatch(/^550 5\.7\.1 /);
  });
  test('text goes on behind a link by the same rule', () => {
    expect(rendered(reply('too-large')).slice(1)).toEqual([
      '552-5.3.4  https://support.google.com/mail/?p=MaxSizeError to view our size',
      `552 5.3.4 guidelines. ${sessionId} - gsmtp`,
    ]);
  });
});

describe('framing', () => {
  const last = (each: CatalogueReply) =>
    renderReply(each, { sessionId, wording: 'g-suite' }).lines.at(-1) ?? '';

  test('the session id ends every reply but HELO, EHLO, STARTTLS, 334 and 235', () => {
    const without = [
      reply('helo'),
      reply('ehlo', { ip, capabilities: ['SIZE 1'] }),
      reply('starttls-ready'),
      reply('auth-challenge', { base64: 'VXNlcm5hbWU6' }),
      reply('auth-accepted'),
    ];
    for (const each of without) expect(last(each)).not.toContain('gsmtp');
    expect(last(reply('mail-ok'))).toBe(`250 2.1.0 OK ${sessionId} - gsmtp`);
  });
  test('the administrator’s own rules end with gcdp before it · FIL-2', () => {
    expect(last(reply('policy'))).toMatch(/details\. - gcdp [^ ]+ - gsmtp$/);
  });
  test('the two spaces of 354 and of the 250 after data are kept', () => {
    expect(last(reply('go-ahead'))).toBe(`354  Go ahead ${sessionId} - gsmtp`);
    expect(last(reply('message-accepted', { unixSeconds: 1_700_000_000 }))).toBe(
      `250 2.0.0 OK  1700000000 ${sessionId} - gsmtp`,
    );
  });
  test('session ids look like the real ones', () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let index = 0; index < 50; index++)
      expect(makeSessionId(random)).toMatch(/^[a-z]\d{1,2}sm\d{7,8}[a-z]{3}\.\d{1,2}$/);
  });
});

describe('the wording of today', () => {
  const text = (each: CatalogueReply) =>
    renderReply(each, { sessionId, wording: 'workspace' })
      .lines.map((line) => line.replace(/^\d{3}[ -]\d\.\d\.\d+ /, ''))
      .join(' ');

  test('speaks of Workspace, and says "go to" before a relay link', () => {
    const lines = text(reply('invalid-credentials', { ip }));
    expect(lines).toContain("your Workspace SMTP Relay service doesn't match the domain of the account");
    expect(lines).toContain(
      'For more information, go to  https://support.google.com/a/answer/6140680#invalidcred',
    );
    expect(lines).not.toContain('G Suite');
    expect(text(reply('customer-day'))).toContain('administrator or go to');
  });
  test('"Learn more at" is "For more information, go to"; other links keep "Please visit"', () => {
    expect(text(reply('auth-required'))).toContain(
      'For more information, go to  https://support.google.com/mail/?p=WantAuthError',
    );
    expect(text(reply('too-large'))).toContain('Please visit');
  });
  test('the 421 of a generic HELO name gets two more lines · HEL-3', () => {
    expect(
      renderReply(reply('try-later', { command: 'EHLO' }), { sessionId, wording: 'workspace' }).lines,
    ).toEqual([
      '421-4.7.0 Try again later, closing connection. (EHLO)',
      '421-4.7.0 For more information, go to',
      `421 4.7.0  https://support.google.com/a/answer/3221692 ${sessionId} - gsmtp`,
    ]);
  });
});
