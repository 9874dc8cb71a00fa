/**
 * What a client on this machine may call the relay: the names its certificate vouches for.
 */
export const relayNames = {
  dns: ['smtp-relay.gmail.com', 'localhost'],
  ip: ['127.0.0.1', '::1'],
} as const;
