/** The names that preload and main process use between them; the page knows the same words as message kinds. */
export const channels = {
  pageReady: 'relay-bench:page-ready',
  engineStarting: 'relay-bench:engine-starting',
  enginePort: 'relay-bench:engine-port',
  engineGone: 'relay-bench:engine-gone',
} as const;
