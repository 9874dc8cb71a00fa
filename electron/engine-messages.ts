/**
 * What the main process and the engine process say to each other, beside the port that leads from the page straight to
 * the engine. Both ends are built together; the schemas keep a slip from going unseen.
 */
import { z } from 'zod';

/** Given to the engine process as its only argument, as JSON. */
export const engineOptionsSchema = z.object({
  benchFile: z.string(),
  dataDirectory: z.string(),
  ports: z.object({
    relay: z.number().exactOptional(),
    smtps: z.number().exactOptional(),
    submission: z.number().exactOptional(),
  }),
});
export type EngineProcessOptions = z.infer<typeof engineOptionsSchema>;

/** To the engine process. `connect` comes with a port for a page. */
export const toEngineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connect') }),
  z.object({ kind: z.literal('show-certificate-authority') }),
  z.object({ kind: z.literal('stop') }),
]);
export type ToEngine = z.infer<typeof toEngineSchema>;

export const certificateAuthoritySchema = z.object({
  kind: z.literal('certificate-authority'),
  pem: z.string(),
  fingerprint256: z.string(),
  notAfter: z.string(),
});
export type CertificateAuthority = z.infer<typeof certificateAuthoritySchema>;

/** How far a start has come that takes a while: so many of the last day's charges are counted again. */
export const engineStartingSchema = z.object({
  kind: z.literal('starting'),
  done: z.number(),
  total: z.number(),
});
export type EngineStarting = z.infer<typeof engineStartingSchema>;

/** From the engine process. After `start-failed` and `stopped` it ends. */
export const fromEngineSchema = z.discriminatedUnion('kind', [
  engineStartingSchema,
  z.object({ kind: z.literal('started') }),
  z.object({ kind: z.literal('start-failed'), message: z.string(), hint: z.string().optional() }),
  certificateAuthoritySchema,
]);
export type FromEngine = z.infer<typeof fromEngineSchema>;
