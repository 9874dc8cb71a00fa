/**
 * `npm run bench -- pages`: what the quotas page costs its main thread with 10,000 points and 2,000 users, by Chromium's own
 * trace: each task by itself, and all tasks from one frame to the next. A frame at 60 a second has 16.7 ms. `--write` puts the
 * table into docs/performance.md.
 */
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { type Bench, startBench } from '../renderer/browser.ts';
import { writeSection } from './performance-page.ts';

const frameMs = 1_000 / 60;
/** Each round is a page of its own; what is told are the medians of the rounds. */
const rounds = 3;
/** Shorter tasks are the browser's own book-keeping. */
const taskFromMs = 0.5;

/** What is read of an event of Chromium's trace. */
const traceEventSchema = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  /** When it began, in microseconds. */
  ts: z.number().optional(),
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
      const box = await boxOf(page, '[data-part="to"]');
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

/** What the main thread did while something was done on the page. */
type Figures = {
  /** The lengths of its tasks, in milliseconds of processor time, the shortest first. */
  tasks: number[];
  /** For each frame, all tasks since the frame before, likewise. */
  frames: number[];
  framesPerSecond: number;
};

const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

const figuresOf = (events: readonly TraceEvent[]): Figures => {
  const main = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const done = events
    .filter(({ ph, pid, tid }) => ph === 'X' && main.some((one) => one.pid === pid && one.tid === tid))
    .map(({ name, ts = 0, tdur = 0 }) => ({ name, at: ts / 1_000, ms: tdur / 1_000 }))
    .sort((a, b) => a.at - b.at);
  const frames: number[] = [];
  const drawnAt: number[] = [];
  let since = 0;
  for (const { name, at, ms } of done) {
    if (name === 'RunTask') since += ms;
    // A frame is handed over at the end of the task that made it.
    if (name === 'Commit') {
      frames.push(since);
      drawnAt.push(at);
      since = 0;
    }
  }
  const seconds = ((drawnAt.at(-1) ?? 0) - (drawnAt[0] ?? 0)) / 1_000;
  return {
    tasks: ascending(
      done.filter(({ name, ms }) => name === 'RunTask' && ms >= taskFromMs).map(({ ms }) => ms),
    ),
    frames: ascending(frames),
    framesPerSecond: seconds > 0 ? (drawnAt.length - 1) / seconds : 0,
  };
};

async function traced(page: Page, act: (page: Page) => Promise<void>): Promise<TraceEvent[]> {
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
    traceConfig: {
      includedCategories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'],
    },
  });
  await act(page);
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  return events;
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const median = (numbers: readonly number[]): number => at(ascending(numbers), 0.5);

/** Everything that is done, on a page of its own. */
async function round(bench: Bench): Promise<Figures[]> {
  const { page } = await bench.open('large', 'quotas');
  await page.locator('[data-use]').first().waitFor();
  await page.waitForTimeout(1_000);
  const figures: Figures[] = [];
  for (const { act } of doings) figures.push(figuresOf(await traced(page, act)));
  await page.context().close();
  return figures;
}

const columns: readonly { header: string; of: (figures: Figures) => number; digits: number }[] = [
  { header: 'task, median', of: ({ tasks }) => at(tasks, 0.5), digits: 1 },
  { header: 'task, 95 %', of: ({ tasks }) => at(tasks, 0.95), digits: 1 },
  { header: 'longest task', of: ({ tasks }) => at(tasks, 1), digits: 1 },
  { header: 'frame, median', of: ({ frames }) => at(frames, 0.5), digits: 1 },
  { header: 'frame, 95 %', of: ({ frames }) => at(frames, 0.95), digits: 1 },
  { header: 'frames a second', of: ({ framesPerSecond }) => framesPerSecond, digits: 0 },
];

const table = (measured: readonly Figures[][]): string =>
  [
    `10,000 points, 2,000 users; medians of ${measured.length} rounds. Tasks from ${taskFromMs} ms on, and all tasks of a frame together,`,
    'in milliseconds of the main thread, beside the 16.7 a frame has:',
    '',
    `| | ${columns.map(({ header }) => header).join(' | ')} |`,
    `|---|${columns.map(() => '--:').join('|')}|`,
    ...doings.map(({ what }, index) => {
      const figures = measured.flatMap((one) => one[index] ?? []);
      const cells = columns.map(({ of, digits }) => median(figures.map(of)).toFixed(digits));
      return `| ${what} | ${cells.join(' | ')} |`;
    }),
  ].join('\n');

/** Prints the figures; judges nothing. */
export async function run(args: string[]): Promise<void> {
  const bench = await startBench();
  try {
    const measured: Figures[][] = [];
    for (let index = 0; index < rounds; index += 1) measured.push(await round(bench));
    const markdown = table(measured);
    process.stdout.write(`${markdown}\n`);
    if (args.includes('--write')) writeSection('pages', markdown);
  } finally {
    await bench.close();
  }
}
