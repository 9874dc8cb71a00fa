/**
 * `npm run bench -- pages`: what the quotas page costs its main thread with 10,000 points and 2,000 users, by Chromium's own
 * trace. A frame at 60 a second has 16.7 ms; the work between two frames has to fit into it.
 */
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { type Bench, startBench } from '../renderer/browser.ts';

const frameMs = 1_000 / 60;

/** What is read of an event of Chromium's trace. */
const traceEventSchema = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  /** Processor time of the thread, in microseconds: what else the machine does is not in it. */
  tdur: z.number().optional(),
  args: z.object({ name: z.string().optional() }).optional(),
});
type TraceEvent = z.infer<typeof traceEventSchema>;

/** What people do on the page, each for a second or two. */
const doings: readonly { what: string; act: (page: Page) => Promise<void> }[] = [
  {
    what: 'the pointer moves over the chart',
    act: async (page) => {
      const box = await boxOf(page, '[role="img"][aria-label^="Use over time"]');
      for (let step = 0; step < 120; step += 1)
        await page.mouse.move(box.x + 70 + step * 4, box.y + 100 + (step % 20));
    },
  },
  {
    what: 'the brush is drawn in, and moved along',
    act: async (page) => {
      const box = await boxOf(page, '.recharts-brush-traveller >> nth=1');
      const y = box.y + box.height / 2;
      await page.mouse.move(box.x + 4, y);
      await page.mouse.down();
      for (let step = 0; step < 80; step += 1) await page.mouse.move(box.x - step * 4, y);
      await page.mouse.up();
      await page.mouse.move(box.x - 400, y);
      await page.mouse.down();
      for (let step = 0; step < 60; step += 1) await page.mouse.move(box.x - 400 + step * 3, y);
      await page.mouse.up();
    },
  },
  {
    what: 'the list of users is scrolled, 120 pixels a frame',
    act: async (page) => {
      const box = await boxOf(page, '[aria-label="Users by share of their limit"]');
      await page.mouse.move(box.x + 100, box.y + 200);
      for (let step = 0; step < 300; step += 1) {
        await page.mouse.wheel(0, 120);
        await page.waitForTimeout(frameMs);
      }
    },
  },
];

async function boxOf(page: Page, selector: string) {
  const box = await page.locator(selector).first().boundingBox();
  if (!box) throw new Error(`${selector} has no place on the page.`);
  return box;
}

/** The durations of the main thread's tasks while something is done, in milliseconds. */
async function tasksDuring(page: Page, act: (page: Page) => Promise<void>): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value) {
      const read = traceEventSchema.safeParse(event);
      if (read.success) events.push(read.data);
    }
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline', 'toplevel'] },
  });
  await act(page);
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const main = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  return events
    .filter(({ name, ph, pid, tid }) => {
      const isTask = ph === 'X' && name === 'RunTask';
      return isTask && main.some((thread) => thread.pid === pid && thread.tid === tid);
    })
    .map(({ tdur = 0 }) => tdur / 1_000)
    .sort((a, b) => a - b);
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

async function measure(bench: Bench): Promise<void> {
  const { page } = await bench.open('large', 'quotas');
  await page.locator('.recharts-area-curve').first().waitFor();
  await page.waitForTimeout(1_000);
  console.log('Work on the main thread, in milliseconds, beside the 16.7 a frame has:\n');
  for (const { what, act } of doings) {
    const tasks = (await tasksDuring(page, act)).filter((ms) => ms >= 0.5);
    const over = tasks.filter((ms) => ms > frameMs).length;
    console.log(
      `${what}: ${tasks.length} tasks from 0.5 ms on; median ${at(tasks, 0.5).toFixed(1)}, ` +
        `95% ${at(tasks, 0.95).toFixed(1)}, longest ${at(tasks, 1).toFixed(1)}; over a frame: ${over}`,
    );
  }
}

/** Prints the figures; judges nothing. */
export async function run(): Promise<void> {
  const bench = await startBench();
  try {
    await measure(bench);
  } finally {
    await bench.close();
  }
}
