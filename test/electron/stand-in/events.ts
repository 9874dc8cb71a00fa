/**
 * What the parts of the stand-in tell each other without knowing each other: events whose default can be prevented, the
 * windows that are open, and what `app` has to announce about them.
 */
import { EventEmitter } from 'node:events';

export interface Preventable {
  defaultPrevented: boolean;
  preventDefault(): void;
}

/** An event as Electron gives it to listeners who may object. */
export function preventable(): Preventable {
  const event = {
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return event;
}

/** Windows that are open, for the app that closes them all when it quits. */
export const openWindows = new Set<{ close(): void }>();

/** `web-contents-created` and `window-all-closed`, which `app` emits as its own. */
export const windowEvents = new EventEmitter();
