/** The OpenAPI 3.1 description of the API: made from the contract, with the paths that serve files and how to be let in. */
import { type OpenAPI, OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { z } from 'zod';
import {
  benchProblemSchema,
  contract,
  errorDetailSchema,
  sessionSchema,
  testMessageSchema,
  transactionSchema,
  transactionSummarySchema,
} from '../../relay-core/contract/index.ts';
import { apiPrefix, certificateAuthorityPath, messageFilePath, relayedFilePath } from './routes.ts';

const errorSchema = errorDetailSchema.extend({ code: z.string(), message: z.string() });
const errorReference = { $ref: '#/components/schemas/Error' };

/** The document, as `GET /api/openapi.json` gives it. */
export async function openApiDocument(version: string): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    info: {
      title: 'Relay Bench',
      version,
      description: 'A local engine that behaves as Google’s SMTP relay, and explains each of its decisions.',
    },
    servers: [{ url: apiPrefix }],
    security: [{ bearer: [] }, { cookie: [] }],
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token that `relay-bench serve` prints, new at each start.',
        },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'relay-bench-PORT',
          description:
            'Set by the first visit of the page with `?token=`; its name ends in the server’s port.',
        },
      },
    },
    commonSchemas: {
      Transaction: { schema: transactionSchema, strategy: 'output' },
      TransactionSummary: { schema: transactionSummarySchema, strategy: 'output' },
      Session: { schema: sessionSchema, strategy: 'output' },
      TestMessage: { schema: testMessageSchema },
      Problem: { schema: benchProblemSchema, strategy: 'output' },
      Error: { schema: errorSchema, strategy: 'output' },
    },
    customErrorResponseBodySchema: () => errorReference,
  });
  return { ...document, paths: { ...document.paths, ...filePaths } };
}

const withoutPrefix = (path: string): string => path.slice(apiPrefix.length);

const file = (mediaType: string, description: string) => ({
  description,
  content: { [mediaType]: { schema: { type: 'string' as const, contentMediaType: mediaType } } },
});

const messageFile = (operationId: string, summary: string) => ({
  get: {
    operationId,
    summary,
    parameters: [{ name: 'id', in: 'path' as const, required: true, schema: { type: 'string' as const } }],
    responses: {
      200: file('message/rfc822', 'The message'),
      404: {
        description: 'No message is kept for this transaction',
        content: { 'application/json': { schema: errorReference } },
      },
    },
  },
});

const filePaths = {
  [withoutPrefix(messageFilePath)]: messageFile('transactions.messageFile', 'The message as it arrived'),
  [withoutPrefix(relayedFilePath)]: messageFile(
    'transactions.relayedFile',
    'The message as it would have been relayed, with the footers of content rules',
  ),
  [withoutPrefix(certificateAuthorityPath)]: {
    get: {
      operationId: 'certificateAuthorityFile',
      summary: 'The local certificate authority, for mail servers to trust',
      responses: { 200: file('application/x-pem-file', 'The certificate, PEM') },
    },
  },
};
