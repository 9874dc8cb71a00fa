/** Messages as people read them, small and large ones, and such that cannot be taken apart. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { createMessageViewer, maxParsedBytes } from '../../relay-core/content/message-viewer.ts';

const megabyte = 1024 * 1024;

/** For messages that are to be taken apart, however busy the machine is. */
const patient = { longestMs: 60_000, heapMb: 512 };

afterEach(() => {
  vi.useRealTimers();
});

function withAttachment(bytes: number): Buffer {
  const base64 = Buffer.alloc(bytes, 'attached').toString('base64').replace(/.{76}/g, '$&\r\n');
  return Buffer.from(
    [
      'From: Anna <anna@example.com>',
      'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
      'Content-Type: multipart/mixed; boundary=edge',
      '',
      '--edge',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'See what is attached.',
      '--edge',
      'Content-Type: application/pdf; name="plan.pdf"',
      'Content-Disposition: attachment; filename="plan.pdf"',
      'Content-Transfer-Encoding: base64',
      '',
      base64,
      '--edge--',
      '',
    ].join('\r\n'),
  );
}

test.each([
  ['small', 3_000],
  ['large', 3 * megabyte],
])('a %s message is shown by its headers, its text and what is attached', async (_, attachedBytes) => {
  const content = withAttachment(attachedBytes);
  const view = await createMessageViewer(patient)(content, content.length);
  expect(view.headers).toContainEqual({ name: 'Subject', value: '=?utf-8?Q?Gr=C3=BC=C3=9Fe?=' });
  expect(view.text).toBe('See what is attached.\n');
  expect(view.attachments).toEqual([
    { filename: 'plan.pdf', contentType: 'application/pdf', size: attachedBytes },
  ]);
  expect(view.raw.startsWith('From: Anna <anna@example.com>\r\n')).toBe(true);
  expect(view.rawTruncated).toBe(attachedBytes > 256 * 1024);
  expect(view.rawOnly).toBeNull();
});

test('the event loop turns while a large message is taken apart', async () => {
  const content = withAttachment(8 * megabyte);
  let isShown = false;
  const viewing = createMessageViewer(patient)(content, content.length).then(() => {
    isShown = true;
  });
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  expect(isShown).toBe(false);
  await viewing;
});

/** Messages in one another: postal-mime takes time with the square of their number, 12 seconds for 240 KB. */
const nestedMessages = (bytes: number) =>
  Buffer.from('Content-Type: message/rfc822\r\n\r\n'.repeat(Math.ceil(bytes / 32)));

test('the event loop waits for messages of some KiB only', async () => {
  const content = nestedMessages(17 * 1024);
  const view = await createMessageViewer({ longestMs: 1, heapMb: 512 })(content, content.length);
  expect(view.rawOnly).toContain('it could not be taken apart within 0.001 seconds');
});

test('a message that is made to take long is given up after five seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const content = nestedMessages(2 * megabyte);
  const viewing = createMessageViewer()(content, content.length);
  await vi.advanceTimersByTimeAsync(5_000);
  expect((await viewing).rawOnly).toContain('it could not be taken apart within 5 seconds');
});

test('large messages are taken apart one after the other, each as itself', async () => {
  const view = createMessageViewer(patient);
  const sizes = [1 * megabyte, 2 * megabyte, 1.5 * megabyte];
  const views = await Promise.all(
    sizes.map((bytes) => {
      const content = withAttachment(bytes);
      return view(content, content.length);
    }),
  );
  expect(views.map(({ attachments }) => attachments[0]?.size)).toEqual(sizes);
});

test('a message beyond all limits is shown raw, by its beginning', async () => {
  const start = Buffer.alloc(megabyte, 'X-Long: header\r\n');
  expect(await createMessageViewer()(start, maxParsedBytes + 1)).toEqual({
    headers: [],
    text: null,
    html: null,
    attachments: [],
    raw: start.subarray(0, 256 * 1024).toString(),
    rawTruncated: true,
    rawOnly: expect.stringContaining('since it is larger than 48 MiB'),
  });
});

test('a large message that takes too long is shown raw, and says so and what to do', async () => {
  const content = withAttachment(1 * megabyte);
  const view = await createMessageViewer({ longestMs: 1, heapMb: 512 })(content, content.length);
  expect(view.headers).toEqual([]);
  expect(view.raw.startsWith('From: Anna <anna@example.com>\r\n')).toBe(true);
  expect(view.rawOnly).toBe(
    'The message is shown raw, since it could not be taken apart within 0.001 seconds and 512 MiB of memory: ' +
      'to see its parts, save the .eml file and open it in a mail program.',
  );
});

test.each([
  ['small', 0],
  ['large', 1 * megabyte],
])('a %s message with parts nested without end is shown raw, and says so', async (_, textBytes) => {
  const nested = Array.from(
    { length: 270 },
    (_, depth) => `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n`,
  );
  const content = Buffer.from(`${nested.join('')}\r\n${'x'.repeat(textBytes)}\r\n`);
  const view = await createMessageViewer(patient)(content, content.length);
  expect(view.rawOnly).toMatch(/^The message is shown raw, since it cannot be taken apart \(.*nesting depth/);
  expect(view.raw).toContain('boundary=b269');
});
