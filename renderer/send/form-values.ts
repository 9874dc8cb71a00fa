/**
 * What the form of the test sender holds, its checks, and the message that comes of it.
 * The checks are said beside the fields before anything is sent; the engine checks again by the contract.
 */
import { type FormErrors, schemaResolver } from '@mantine/form';
import { z } from 'zod';
import { authMechanismSchema, type TestMessage, testMessageSchema } from '../../relay-core/contract/index.ts';
import { figure } from '../design/figures.ts';
import { looksLikeAddress, mostRecipients } from './recipients.ts';

export const contentKinds = ['text', 'html', 'raw'] as const;
export type ContentKind = (typeof contentKinds)[number];

export type Attachment = NonNullable<TestMessage['attachments']>[number];

export type FormValues = {
  from: string;
  to: string[];
  subject: string;
  content: ContentKind;
  text: string;
  html: string;
  raw: string;
  attachments: Attachment[];
  portRole: TestMessage['portRole'];
  tls: TestMessage['tls'];
  authenticate: boolean;
  mechanism: string;
  user: string;
  password: string;
  heloName: string;
  claimedAddress: string;
};

export const emptyForm: FormValues = {
  from: '',
  to: [],
  subject: 'Test message',
  content: 'text',
  text: 'Sent from Relay Bench to see what the relay does with it.\n',
  html: '',
  raw: '',
  attachments: [],
  portRole: 'relay',
  tls: 'none',
  authenticate: false,
  mechanism: '',
  user: '',
  password: '',
  heloName: '',
  claimedAddress: '',
};

const oneLine = z
  .string()
  .max(998, 'At most 998 characters.')
  .refine((text) => !/[\r\n\0]/.test(text), 'One line only.');

const ipAddress = z.union([z.literal(''), z.ipv4(), z.ipv6()], {
  error: 'An IPv4 or IPv6 address, such as 203.0.113.5.',
});

/** The checks of single fields. A wrong envelope address goes out where the relay shall refuse it: only what cannot be an address at all stops here. */
const fieldsSchema = z.object({
  from: oneLine.refine(
    (from) => from === '' || from === '<>' || looksLikeAddress(from),
    'An address such as anna@example.com, or empty for the null sender.',
  ),
  to: z
    .array(
      oneLine.refine(looksLikeAddress, {
        error: ({ input }) => `“${input}” is no address such as someone@example.org.`,
      }),
    )
    .min(1, 'At least one recipient.')
    .max(mostRecipients, `At most ${figure(mostRecipients)} recipients in one message.`),
  subject: oneLine,
  attachments: z.array(z.unknown()).max(50, 'At most 50 attachments.'),
  user: oneLine,
  password: oneLine,
  heloName: oneLine.refine((name) => !/\s/.test(name), 'A host name, without spaces.'),
  claimedAddress: ipAddress,
});

/** The checks that look at more than one field. */
const acrossFields = (values: FormValues): FormErrors => ({
  ...(values.portRole === 'smtps' &&
    values.tls !== 'implicit' && { tls: 'Port 465 is TLS from the first byte.' }),
  ...(values.portRole !== 'smtps' &&
    values.tls === 'implicit' && {
      tls: 'Only port 465 is TLS from the first byte; here STARTTLS leads to it.',
    }),
  ...(values.authenticate && values.user === '' && { user: 'The address of the account.' }),
  ...(values.authenticate &&
    values.password === '' && { password: 'The account’s password or access token.' }),
  ...(values.content === 'raw' && values.raw.trim() === '' && { raw: 'The whole message, headers first.' }),
});

const checkFields = schemaResolver(fieldsSchema, { sync: true });

/** What is wrong with the form as a person filled it in, by field; nothing when it may be sent. */
export const formErrors = (values: FormValues): FormErrors => ({
  ...checkFields(values),
  ...acrossFields(values),
});

/** The TLS modes a port takes (PRT-2). */
export const tlsModesOf = (role: FormValues['portRole']): readonly FormValues['tls'][] =>
  role === 'smtps' ? ['implicit'] : ['none', 'starttls'];

/** The message to send, from a form that passed its checks. */
export const messageOf = (values: FormValues): TestMessage => {
  const mechanism = authMechanismSchema.safeParse(values.mechanism);
  const composed = {
    subject: values.subject,
    text: values.text,
    ...(values.html === '' ? {} : { html: values.html }),
    ...(values.attachments.length === 0 ? {} : { attachments: values.attachments }),
  };
  return testMessageSchema.parse({
    from: values.from === '<>' ? '' : values.from,
    to: values.to,
    ...(values.content === 'raw' ? { raw: values.raw } : composed),
    portRole: values.portRole,
    tls: values.tls,
    ...(values.authenticate
      ? {
          auth: {
            user: values.user,
            password: values.password,
            ...(mechanism.success ? { mechanism: mechanism.data } : {}),
          },
        }
      : {}),
    ...(values.heloName === '' ? {} : { heloName: values.heloName }),
    ...(values.claimedAddress === '' ? {} : { claimedAddress: values.claimedAddress }),
  });
};
