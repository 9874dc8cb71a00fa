/**
 * Makes a message's content from what a person filled in, or takes it as given in `raw`.
 * nodemailer's composer does the MIME; it may read no file and fetch no address.
 */
import MailComposer from 'nodemailer/lib/mail-composer';
import type { TestMessage } from '../contract/index.ts';

/** A bounce has no sender, but RFC 5322 (3.6.2) wants a From field in every message. */
const fromFieldOfBounce = 'Mail Delivery System <mailer-daemon@relay-bench.invalid>';

/**
 * The content to send behind DATA, before dot-stuffing.
 * @param sentAt epoch milliseconds of engine time, for the Date field
 */
export async function composeMessage(message: TestMessage, sentAt: number): Promise<Buffer> {
  if (message.raw !== undefined) return Buffer.from(message.raw, 'utf8');
  const { from, to, subject = '', text, html, attachments = [] } = message;
  const composer = new MailComposer({
    from: from === '' ? fromFieldOfBounce : from,
    to,
    subject,
    text: text ?? (html === undefined ? '' : undefined),
    html,
    date: new Date(sentAt),
    attachments: attachments.map(({ filename, contentType, contentBase64 }) => ({
      filename,
      contentType,
      content: Buffer.from(contentBase64, 'base64'),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}
