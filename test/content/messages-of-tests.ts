/** Messages that content tests speak of: the test patterns, and messages put together as mail programs do. */
import MailComposer from 'nodemailer/lib/mail-composer';

/** In two pieces each, so that no scanner takes the tests for what they test. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
export const gtube = ['XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE', '-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'].join('');

type Mail = ConstructorParameters<typeof MailComposer>[0];

/** A whole message as nodemailer writes it, CR LF line ends. */
export async function composed(mail: Mail): Promise<Buffer> {
  const written = await new MailComposer({ from: 'anna@example.com', subject: 'Hello', ...mail })
    .compile()
    .build();
  return Buffer.from(written.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
}

/** Lines joined by CR LF; text is UTF-8. */
export function message(...lines: readonly string[]): Buffer {
  return Buffer.from(lines.join('\r\n'), 'utf8');
}

export function base64Lines(text: string | Buffer): string {
  const encoded = Buffer.from(text).toString('base64');
  return encoded.replace(/.{76}/g, '$&\r\n');
}
