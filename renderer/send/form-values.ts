/**
 * What the form of the test sender holds, its checks, and the message that comes of it.
 * The checks are said beside the fields before anything is sent; the engine checks again by the contract.
 */
import { z } from 'zod';
import {
  authMechanismSchema,
  portRoleSchema,
  type TestMessage,
  testMessageSchema,
  tlsModeSchema,
} from '../../relay-core/contract/index.ts';

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

const addressLike = /^[^\s@<>]+@[^\s@<>]+$/;
const oneLine = z
  .string()
  .max(998, 'At most 998 characters.')
  .refine((text) => !/[\r\n\0]/.test(text), 'One line only.');

const ipAddress = z.union([z.literal(''), z.ipv4(), z.ipv6()], {
  error: 'An IPv4 or IPv6 address, such as 203.0.113.5.',
});

/** Checks the form as a person filled it in. Wrong envelope addresses are let through where the relay shall refuse them: only what cannot be an address at all stops here. */
export const formSchema = z
  .object({
    from: oneLine.refine(
      (from) => from === '' || from === '<>' || addressLike.test(from),
      'An address such as anna@example.com, or empty for the null sender.',
    ),
    to: z
      .array(
        oneLine.refine(
          (to) => addressLike.test(to),
          'Each recipient is an address such as someone@example.org.',
        ),
      )
      .min(1, 'At least one recipient.')
      .max(2_000, 'At most 2,000 recipients in one message.'),
    subject: oneLine,
    content: z.enum(contentKinds),
    text: z.string(),
    html: z.string(),
    raw: z.string(),
    attachments: z.array(z.unknown()).max(50, 'At most 50 attachments.'),
    portRole: portRoleSchema,
    tls: tlsModeSchema,
    authenticate: z.boolean(),
    mechanism: z.union([z.literal(''), authMechanismSchema]),
    user: oneLine,
    password: oneLine,
    heloName: oneLine.refine((name) => !/\s/.test(name), 'A host name, without spaces.'),
    claimedAddress: ipAddress,
  })
  .superRefine((values, context) => {
    const wrong = (path: keyof FormValues, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    if (values.portRole === 'smtps' && values.tls !== 'implicit')
      wrong('tls', 'Port 465 is TLS from the first byte.');
    if (values.portRole !== 'smtps' && values.tls === 'implicit')
      wrong('tls', 'Only port 465 is TLS from the first byte; here STARTTLS leads to it.');
    if (values.authenticate && values.user === '') wrong('user', 'The address of the account.');
    if (values.authenticate && values.password === '')
      wrong('password', 'The account’s password or access token.');
    if (values.content === 'raw' && values.raw.trim() === '')
      wrong('raw', 'The whole message, headers first.');
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
