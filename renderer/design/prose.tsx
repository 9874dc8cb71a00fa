/** Text of a rule or a notice, in which names of the wire or the bench file stand between backquotes. */
import type { ReactNode } from 'react';

export const Prose = ({ text }: { text: string }): ReactNode =>
  text.split('`').map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the text never changes.
      <span key={index} className="mono">
        {part}
      </span>
    ) : (
      part
    ),
  );
