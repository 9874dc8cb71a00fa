/** The API's paths, read off the contract, with the ones that serve files: to tell an unknown path from a wrong method. */
import { traverseContractProcedures } from '@orpc/server';
import { contract } from '../../relay-core/contract/index.ts';

export const apiPrefix = '/api';
export const socketPath = `${apiPrefix}/socket`;
export const openApiPath = `${apiPrefix}/openapi.json`;
export const certificateAuthorityPath = `${apiPrefix}/certificate-authority.pem`;
export const messageFilePath = `${apiPrefix}/transactions/{id}/message.eml`;
export const relayedFilePath = `${apiPrefix}/transactions/{id}/relayed.eml`;

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
}

/** A pattern for a path with `{names}`; each stands for one segment, and is a group of the match. */
export function patternOf(path: string): RegExp {
  const pattern = path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '([^/]+)');
  return new RegExp(`^${pattern}$`);
}

const fileRoutes = [socketPath, openApiPath, certificateAuthorityPath, messageFilePath, relayedFilePath].map(
  (path): Route => ({ method: 'GET', pattern: patternOf(path) }),
);

function contractRoutes(): Route[] {
  const routes: Route[] = [];
  traverseContractProcedures({ router: contract, path: [] }, ({ contract: procedure }) => {
    const { method = 'POST', path = '' } = procedure['~orpc'].route;
    routes.push({ method, pattern: patternOf(apiPrefix + path) });
  });
  return routes;
}

const routes: readonly Route[] = [...contractRoutes(), ...fileRoutes];

/** The methods a path of the API takes; none where there is no such path. */
export const methodsOf = (pathname: string): string[] => [
  ...new Set(routes.filter(({ pattern }) => pattern.test(pathname)).map(({ method }) => method)),
];
