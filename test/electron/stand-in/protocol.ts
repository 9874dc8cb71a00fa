/** `protocol`: the app's handlers, by scheme. */
type Handler = (request: Request) => Response | Promise<Response>;

const handlers = new Map<string, Handler>();

/** @param scheme with its colon, as in `URL.protocol` */
export const protocolHandler = (scheme: string): Handler | undefined =>
  handlers.get(scheme.replace(/:$/, ''));

export const protocol = {
  registerSchemesAsPrivileged(): void {},
  handle(scheme: string, handler: Handler): void {
    handlers.set(scheme, handler);
  },
};
