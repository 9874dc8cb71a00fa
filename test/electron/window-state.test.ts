/** The window's place: kept, and taken up again only where a person could reach it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isReachable, readWindowState, writeWindowState } from '../../electron/window-state.ts';

const laptop = { x: 0, y: 0, width: 1440, height: 900 };
const right = { x: 1440, y: 0, width: 1920, height: 1080 };
const usual = { x: 80, y: 60, width: 1280, height: 800 };

describe('a window is reachable', () => {
  it('on a display, also when it hangs over its edge', () => {
    expect(isReachable(usual, [laptop])).toBe(true);
    expect(isReachable({ ...usual, x: -1100 }, [laptop])).toBe(true);
    expect(isReachable({ ...usual, x: 1500 }, [laptop, right])).toBe(true);
  });

  it('not on a display that is gone', () => {
    expect(isReachable({ ...usual, x: 1500 }, [laptop])).toBe(false);
    expect(isReachable(usual, [])).toBe(false);
  });

  it('not when its upper edge, by which it is moved, is out of sight', () => {
    expect(isReachable({ ...usual, y: -100 }, [laptop])).toBe(false);
    expect(isReachable({ ...usual, y: 890 }, [laptop])).toBe(false);
    expect(isReachable({ ...usual, x: 1400 }, [laptop])).toBe(false);
  });
});

describe('the kept state', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relay-bench-window-'));
    file = join(folder, 'window-state.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read as it was written', () => {
    writeWindowState(file, { bounds: usual, maximised: true });
    expect(readWindowState(file, [laptop])).toEqual({ bounds: usual, maximised: true });
  });

  it('is left aside when its display is gone, when it is damaged, and when there is none', () => {
    writeWindowState(file, { bounds: { ...usual, x: 5000 }, maximised: false });
    expect(readWindowState(file, [laptop])).toBeNull();
    writeFileSync(file, '{"bounds":{"x":0,"y":0,"width":-5,"height":9}');
    expect(readWindowState(file, [laptop])).toBeNull();
    writeFileSync(file, JSON.stringify({ bounds: { ...usual, width: -5 }, maximised: false }));
    expect(readWindowState(file, [laptop])).toBeNull();
    rmSync(file);
    expect(readWindowState(file, [laptop])).toBeNull();
  });

  it('costs nothing but itself when it cannot be written', () => {
    expect(() =>
      writeWindowState(join(folder, 'none', 'x'), { bounds: usual, maximised: false }),
    ).not.toThrow();
  });
});
