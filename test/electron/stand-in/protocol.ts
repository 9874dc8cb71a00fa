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

/** `net.fetch` for handled schemes; there is no network here. */
export const net = {
  fetch: async (address: string): Promise<Response> => {
    const handler = protocolHandler(new URL(address).protocol);
    if (handler === undefined) throw new Error(`The stand-in fetches nothing from ${address}`);
    return handler(new Request(address));
  },
};
