/** “Show me 550 5.4.5” as the headless shell shows it, over a real engine: whom it finds, from where it sends, what it leaves behind. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { startHttpServer } from '../../headless/http/server.ts';
import { createRouter } from '../../relay-core/router.ts';
import { comparisonForm } from '../../renderer/api/comparison-form.ts';
import { rehearsalOffers } from '../../renderer/quotas/rehearsal-offers.ts';
import { testBench as engineOver } from '../engine/engine-of-tests.ts';
import { type BenchInput, testBench } from '../fixtures/engine.ts';
import { type Bench, chromiumMissing, startBench } from './browser.ts';

const token = 'a-token-for-tests';

const listing = (range: string, smtpAuth: boolean): BenchInput['settings'][number] => ({
  description: range,
  authentication: { ipRanges: [{ range }], smtpAuth },
});

describe('an address in the form the engine names users by', () => {
  test.each([
    ['Anna@Bücher.example', 'anna@xn--bcher-kva.example'],
    ['ANNA@EXAMPLE.COM.', 'anna@example.com'],
    ['anna@example.com', 'anna@example.com'],
    ['Anna', 'anna'],
    ['anna@no domain', 'anna@no domain'],
  ])('%s is %s', (written, form) => {
    expect(comparisonForm(written)).toBe(form);
  });
});

test('addresses come from what is switched on, in settings that are and want no SMTP authentication · SET-3, SET-4', () => {
  const off = { range: '198.51.100.1', enabled: false };
  const offers = rehearsalOffers(
    stringify(
      testBench({
        settings: [
          listing('192.0.2.1', true),
          { ...listing('192.0.2.2', false), enabled: false },
          { authentication: { ipRanges: [off, { range: '198.51.100.16/28' }] } },
          { authentication: { smtpAuth: true } },
        ],
      }),
    ),
  );
  expect(offers.addresses).toEqual(['198.51.100.17']);
});

describe.skipIf(chromiumMissing)('550 5.4.5 on purpose', { timeout: 60_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  /** The page over an engine with such a bench file, and what is filled in of a user's messages. */
  const open = async (changes: Partial<BenchInput>, place = 'quotas') => {
    const { start } = await engineOver(stringify(testBench(changes)));
    const engine = await start();
    const server = await startHttpServer({
      bench: {
        router: createRouter(engine, 'api'),
        certificateAuthorityPem: '',
        messagePiece: () => null,
      },
      address: { host: '127.0.0.1', port: 0 },
      token,
      pagesFolder: bench.pagesFolder,
      version: '0.0.0',
    });
    onTestFinished(() => server.close());
    const { page, screen } = await bench.visit(
      `http://127.0.0.1:${server.address.port}/?token=${token}`,
      place,
    );
    onTestFinished(() => page.context().close());
    const filledIn = (): number =>
      engine
        .configuration()
        .organisation.users.flatMap(({ key }) => engine.counts.user(key, engine.clock.now()))
        .reduce((sum, { simulated }) => sum + simulated, 0);
    return { page, screen, filledIn };
  };
  const press = (page: Page): Promise<void> =>
    page.getByRole('button', { name: 'Show me 550 5.4.5' }).click();
  const refusalIn = (page: Page): Locator =>
    page.getByRole('region', { name: 'Transaction' }).getByText('550 5.4.5').first();

  const atBücher: Partial<BenchInput> = {
    customer: { name: 'Bücher', primaryDomain: 'bücher.example', licences: 100 },
    users: [{ address: 'Anna@Bücher.example' }, { address: 'Bo@Bücher.example', suspended: true }],
  };

  test('a user is found in whichever case and form of the domain the bench file has it · ORG-1, UQ-1', async () => {
    const { page, filledIn } = await open(atBücher);
    await press(page);
    await refusalIn(page).waitFor();
    expect(filledIn()).toBe(10_000);
  });

  test('a user chosen by address stands there in any case and form of the domain · ORG-1', async () => {
    const { page } = await open(atBücher, 'quotas?user=ANNA@B%C3%BCcher.example');
    await page
      .getByRole('region', { name: 'User, messages in 24 hours: anna@xn--bcher-kva.example' })
      .waitFor();
    await press(page);
    await refusalIn(page).waitFor();
  });

  const users: BenchInput['users'] = [{ address: 'anna@example.com', aliases: ['a.berg@example.com'] }];

  test('a user chosen by an alias stands there by the main address · SND-1', async () => {
    const { page } = await open({ users }, 'quotas?window=user-messages-day&user=A.Berg@example.com');
    await page.getByRole('region', { name: 'User, messages in 24 hours: anna@example.com' }).waitFor();
    await page.waitForURL(/user=anna/);
  });

  test('an address that is nobody’s is said to be so · UQ-4', async () => {
    const { page } = await open({ users }, 'quotas?user=nobody@example.com');
    await page.getByText('No registered user has this address').waitFor();
    expect(page.url()).toContain('user=nobody@example.com');
  });

  test('a suspended user is told of before anything is filled · SND-5', async () => {
    const { page, filledIn } = await open(atBücher, 'quotas?user=bo@b%C3%BCcher.example');
    await press(page);
    await page.getByRole('alert').getByText('bo@xn--bcher-kva.example is suspended').waitFor();
    expect(filledIn()).toBe(0);
  });

  test('where every setting wants SMTP authentication, that is told before anything is filled · AUT-2', async () => {
    const { page, filledIn, screen } = await open({ settings: [listing('127.0.0.1', true)] });
    await press(page);
    await page.getByRole('alert').getByText('no enabled relay setting takes such mail').waitFor();
    await screen('quotas-no-setting-without-auth');
    expect(filledIn()).toBe(0);
  });

  test('it is sent from an address that needs no SMTP authentication, whichever setting comes first · SET-8', async () => {
    const { page } = await open({ settings: [listing('192.0.2.1', true), listing('198.51.100.7', false)] });
    await press(page);
    await refusalIn(page).waitFor();
  });

  const withoutRelay: Partial<BenchInput> = {
    customer: {
      name: 'Example AB',
      primaryDomain: 'example.com',
      domains: ['example.net'],
      edition: 'legacy',
    },
  };

  test('a fill that showed another reply is taken out again · ORG-6', async () => {
    const { page, filledIn, screen } = await open(withoutRelay);
    await press(page);
    await page.getByRole('alert').getByText('The fill was taken out again.').waitFor();
    await screen('quotas-fill-taken-out');
    expect(filledIn()).toBe(0);
  });

  test('a fill beside others stays, and is said to: the engine takes out all or none · ORG-6', async () => {
    const { page, filledIn } = await open(
      withoutRelay,
      'quotas?window=user-messages-day&user=bo@example.net',
    );
    await page.getByRole('button', { name: 'Fill…' }).click();
    await page.getByRole('button', { name: 'Fill to 50%' }).click();
    await page.getByText('5,000 simulated').waitFor();
    const customerOnly = page.getByRole('button', { name: 'Show the customer’s windows only' });
    await customerOnly.click();
    await customerOnly.waitFor({ state: 'detached' });
    await press(page);
    await page.getByRole('alert').getByText('The fill stays').waitFor();
    expect(filledIn()).toBe(15_000);
  });
});
