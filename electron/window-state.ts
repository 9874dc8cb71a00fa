/**
 * Where the window was when it was last closed, and whether it can be there again: displays come and go.
 * The geometry is pure; reading and writing take the file's path.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(400).max(20_000),
  height: z.number().int().min(300).max(20_000),
});
const windowStateSchema = z.object({ bounds: boundsSchema, maximised: z.boolean() });

/** Pixels, independent of the display's density. */
export type Bounds = z.infer<typeof boundsSchema>;
export type WindowState = z.infer<typeof windowStateSchema>;

/** How much of the window's upper edge must lie on a display for a person to take hold of it, in pixels. */
const grip = { width: 120, height: 30 };

/**
 * @param workAreas the part of each display that windows may use
 * @returns whether a person could see and move a window with these bounds
 */
export function isReachable(bounds: Bounds, workAreas: readonly Bounds[]): boolean {
  return workAreas.some((area) => {
    const visibleWidth = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
    const visibleHeight = Math.min(bounds.y + grip.height, area.y + area.height) - Math.max(bounds.y, area.y);
    return visibleWidth >= grip.width && visibleHeight >= grip.height;
  });
}

/** @returns the kept state, or nothing when there is none, it is damaged, or its place is gone */
export function readWindowState(file: string, workAreas: readonly Bounds[]): WindowState | null {
  try {
    const state = windowStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return isReachable(state.bounds, workAreas) ? state : null;
  } catch {
    return null;
  }
}

/** Keeps the state. A disk that refuses costs a window's place, nothing else, so it is not reported. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, JSON.stringify(state));
  } catch {
    return;
  }
}
