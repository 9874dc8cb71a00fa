/**
 * HTML of a message, in a frame that can do nothing: an empty `sandbox` forbids scripts, forms and navigation,
 * a policy of its own forbids everything that would be fetched, and what neither governs is taken out before.
 */
import type { ReactNode } from 'react';
import styles from './message.module.css';

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Elements that make a browser look a name up, open a connection or go elsewhere before anybody did anything. */
const reachingOut = 'link, base, meta, object, embed, iframe, frame, script';
/** Attributes that lead elsewhere; pressing the mouse on a link already opens a connection. */
const leadingElsewhere = ['href', 'xlink:href', 'ping', 'action', 'formaction'];

/**
 * A message's HTML without what reaches out: a policy does not govern hints such as `preconnect` and `dns-prefetch`, which
 * would tell the sender that the message was opened. Where a link led stands under the pointer.
 */
export const withoutReachingOut = (html: string): string => {
  // Parsed, and not shown: nothing is fetched or run for a document without a window.
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  for (const element of parsed.querySelectorAll(reachingOut)) element.remove();
  for (const element of parsed.querySelectorAll('*')) {
    const target = element.getAttribute('href');
    if (target !== null && !element.hasAttribute('title')) element.setAttribute('title', target);
    for (const attribute of leadingElsewhere) element.removeAttribute(attribute);
  }
  return parsed.documentElement.outerHTML;
};

/** The document the frame gets: the policy first, before anything of the message is parsed. Pure. */
export const framedDocument = (html: string): string =>
  `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="color-scheme" content="light"><style>body{font:14px system-ui,sans-serif;color:#1a2330;background:#fff}img:not([src^="data:" i]){content:url("data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='16' height='16'/>");outline:1px dashed #9aa4b2;outline-offset:-1px}</style>${html}`;

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
      srcDoc={framedDocument(withoutReachingOut(html))}
    />
  </div>
);
