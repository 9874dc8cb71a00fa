/**
 * The one shape of an error over HTTP: `{ code, message, hint?, path?, line?, problems? }` with its status. oRPC's own
 * errors, refused input and what this server refuses by itself all leave in it.
 */
import type { ServerResponse } from 'node:http';
import { type AnyProcedure, ORPCError, ValidationError } from '@orpc/server';
import { z } from 'zod';
import { type ErrorDetail, errorDetailSchema } from '../../relay-core/contract/index.ts';

export interface ErrorBody extends ErrorDetail {
  readonly code: string;
  readonly message: string;
}

/** Answers with an error. */
export function sendError(response: ServerResponse, status: number, body: ErrorBody): void {
  const content = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(content),
  });
  response.end(content);
}

/** The body of an error that a procedure, or oRPC on its way to one, answered with. */
export function errorBodyOf(error: ORPCError<string, unknown>): ErrorBody {
  const { code, message } = error;
  return { code, message, ...errorDetailSchema.safeParse(error.data).data };
}

/** What of a zod issue is read here; the standard schema's type knows only message and path. */
const issueSchema = z.object({
  code: z.string().optional(),
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).default([]),
  keys: z.array(z.string()).default([]),
});

/** `attachments[0].filename` */
const pathText = (path: readonly (string | number)[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );

/**
 * Input that the contract does not take is a typed 422 that names the offending key; any other error stays as it is.
 * @param procedure the one that was called, for the keys it knows
 */
export function explainRefusedInput(error: unknown, procedure: AnyProcedure): unknown {
  if (!(error instanceof ORPCError) || !(error.cause instanceof ValidationError)) return error;
  if (error.code !== 'BAD_REQUEST') return error;
  const issue = issueSchema.safeParse(error.cause.issues[0]).data;
  if (issue === undefined) return error;
  const [unknownKey] = issue.keys;
  const path = pathText(unknownKey === undefined ? issue.path : [...issue.path, unknownKey]);
  const data: ErrorDetail = {
    ...(path === '' ? {} : { path }),
    ...(issue.path.length === 0 ? knownKeysHint(procedure) : {}),
  };
  return new ORPCError('UNPROCESSABLE', {
    status: 422,
    message:
      unknownKey === undefined
        ? sentence(path || 'the body', issue.message)
        : `${path} is no key that is known here.`,
    data,
    cause: error.cause,
  });
}

/** zod's own words, less what speaks to programmers. A query that is no number has been read as NaN. */
function sentence(path: string, message: string): string {
  const words = message.replace(/^(?:Invalid input|Invalid option|Too big|Too small): /, '');
  return words.endsWith(', received undefined')
    ? `${path} is missing (${words.replace(/, received undefined$/, '')}).`
    : `${path}: ${words.replace(/received NaN$/, 'received text')}.`;
}

function knownKeysHint(procedure: AnyProcedure): ErrorDetail {
  const { inputSchema } = procedure['~orpc'];
  return inputSchema instanceof z.ZodObject
    ? { hint: `known keys: ${Object.keys(inputSchema.shape).join(', ')}.` }
    : {};
}
