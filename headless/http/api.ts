/**
 * The contract over HTTP with OpenAPI, for scripts: requests are bounded, and every error has the one shape.
 * Knows nothing of who may call; that is settled before it comes here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { ORPCError } from '@orpc/server';
import { BodyLimitPlugin } from '@orpc/server/node';
import { errorBodyOf, explainRefusedInput } from './errors.ts';
import { sendUnmatched } from './refusals.ts';
import { apiPrefix } from './routes.ts';
import type { ContractRouter } from './types.ts';

/** A message at its largest (35,882,577 bytes), with attachments in base64 and room for the rest. */
const maxMessageBodyBytes = 64 * 1024 * 1024;
/** A bench file at its largest (4 MiB), escaped as JSON. */
const maxBodyBytes = 8 * 1024 * 1024;

const messagesPath = `${apiPrefix}/messages`;

export type Api = (request: IncomingMessage, response: ServerResponse, pathname: string) => Promise<void>;

/** Answers requests below `/api` that name a procedure of the contract, and refuses all others. */
export function createApi(router: ContractRouter): Api {
  const messages = createHandler(router, maxMessageBodyBytes);
  const others = createHandler(router, maxBodyBytes);
  return async (request, response, pathname) => {
    const handler = pathname.startsWith(messagesPath) ? messages : others;
    const { matched } = await handler.handle(request, response, { prefix: apiPrefix, context: {} });
    if (!matched) sendUnmatched(request, response, pathname);
  };
}

function createHandler(router: ContractRouter, maxBytes: number): OpenAPIHandler<Record<never, never>> {
  return new OpenAPIHandler(router, {
    plugins: [new BodyLimitPlugin({ maxBodySize: maxBytes })],
    rootInterceptors: [
      ({ next, ...options }) =>
        next({ ...options, request: { ...options.request, body: readable(options.request.body, maxBytes) } }),
    ],
    interceptors: [
      async ({ next }) => {
        try {
          return await next();
        } catch (error) {
          reportFault(error);
          throw error;
        }
      },
    ],
    clientInterceptors: [
      async ({ next, procedure }) => {
        try {
          return await next();
        } catch (error) {
          throw explainRefusedInput(error, procedure);
        }
      },
    ],
    customErrorResponseBodyEncoder: errorBodyOf,
  });
}

/** Reads a body; one that is too large, or no JSON, is a typed error. */
const readable = (read: () => Promise<unknown>, maxBytes: number) => async (): Promise<unknown> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ORPCError && error.code === 'PAYLOAD_TOO_LARGE') {
      throw new ORPCError('PAYLOAD_TOO_LARGE', {
        message: `The body is too large: at most ${maxBytes} bytes are taken here.`,
      });
    }
    if (!(error instanceof SyntaxError)) throw error;
    throw new ORPCError('UNPROCESSABLE', {
      status: 422,
      message: `The body is not JSON: ${error.message}.`,
      data: { hint: 'Send one JSON object, with content-type application/json.' },
      cause: error,
    });
  }
};

/** What nobody foresaw goes to stderr; the caller learns only that there was a fault. */
function reportFault(error: unknown): void {
  const expected = error instanceof ORPCError ? error.status < 500 : isAbort(error);
  if (!expected) console.error(error);
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';
