/** The typed client of the contract, and its TanStack Query options. What the pages know of the engine comes through here. */
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { QueryClient } from '@tanstack/react-query';
import type { RelayBenchContract } from '../../relay-core/contract/index.ts';
import { connectBrowser } from './browser.ts';
import { ConnectionLost, engineLink } from './connection.ts';
import { connectDesktop } from './desktop.ts';
import { shell } from './engine-port.ts';

if (shell === 'desktop') connectDesktop();
else connectBrowser();

export const client: ContractRouterClient<RelayBenchContract> = createORPCClient(engineLink);

/** Query options for each procedure, by its name in the contract. */
export const api = createTanstackQueryUtils(client);

/**
 * What was read stays as it is until something asks for it again: nothing on a page moves by itself.
 * A read that broke off with the connection is made again, and waits for the engine by itself.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => error instanceof ConnectionLost && count < 20,
      retryDelay: 100,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
