/**
 * Ends the app only after the engine has closed its store, so that quitting loses nothing.
 */
import { app } from 'electron';
import type { EngineHost } from './engine-host.ts';

/** Holds back the first attempt to quit until the engine has stopped. */
export function stopEngineBeforeQuit(engineHost: EngineHost): void {
  let stopped = false;
  let stopping = false;
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    void engineHost.stop().finally(() => {
      stopped = true;
      app.quit();
    });
  });
}
