/**
 * HTML of a message, in a frame that can do nothing: an empty `sandbox` forbids scripts, forms and navigation,
 * and a policy of its own forbids everything that would be fetched.
 */
import type { ReactNode } from 'react';
import styles from './message.module.css';

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The document the frame gets: the policy first, before anything of the message is parsed. Pure. */
export const framedDocument = (html: string): string =>
  `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="color-scheme" content="light"><style>body{font:14px system-ui,sans-serif;color:#1a2330;background:#fff}</style>${html}`;

export const HtmlFrame = ({ html }: { html: string }): ReactNode => (
  <div className={styles.frameBox}>
    <p className={styles.frameNote}>
      Shown without scripts and without the network: pictures from elsewhere stay empty.
    </p>
    <iframe
      className={styles.frame}
      title="HTML of the message"
      sandbox=""
      referrerPolicy="no-referrer"
      srcDoc={framedDocument(html)}
    />
  </div>
);
