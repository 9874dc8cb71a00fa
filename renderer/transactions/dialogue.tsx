/** The conversation, line by line: who spoke, when since the connection began, what went through TLS. Choosing a line marks its step. */
import { UnstyledButton } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Transaction } from '../../relay-core/contract/index.ts';
import { ordinal } from '../design/figures.ts';
import { Copy, RulePill } from '../design/marks.tsx';
import { outcomeKind } from '../design/outcome.ts';
import { connectionPlace } from '../findings/address.ts';
import styles from './dialogue.module.css';
import { ChoosableLines } from './dialogue-lines.tsx';
import { dialogueText } from './dialogue-text.ts';
import type { Links, Mark } from './links.ts';
import { placeOnConnection } from './place-on-connection.ts';

const Led = ({ transaction, links, onMark }: Props): ReactNode => {
  const { mark } = links;
  if (mark === null)
    return <span className="quiet">Choose a line to see which step of the decision it led to.</span>;
  if (links.steps.size === 0) return <span className="quiet">This line led to no step of the decision.</span>;
  return [...links.steps].map((index) => {
    const step = transaction.decision.trace[index];
    return (
      step && (
        <div key={index} className={styles.ledStep}>
          <RulePill rule={step.rule} place="text" />
          <UnstyledButton
            fz="sm"
            onClick={() => onMark({ kind: 'step', index })}
            title="Mark the lines of this step"
          >
            {step.text}
          </UnstyledButton>
        </div>
      )
    );
  });
};

type Props = {
  transaction: Transaction;
  links: Links;
  onMark: (mark: Mark) => void;
  /** Where the steps are: beside this dialogue, or to be named below it. */
  steps: 'beside' | 'below';
};

export const Dialogue = (props: Props): ReactNode => {
  const { transaction, links, onMark, steps } = props;
  const { dialogue, sessionId } = transaction;
  const place = placeOnConnection(transaction);
  const inTls = dialogue.some(({ tls }) => tls);
  return (
    <div className={styles.dialogue}>
      <div className={styles.top}>
        <span className="quiet">Milliseconds since the connection began</span>
        {inTls && (
          <span className={styles.tlsKey}>
            <IconLock size={12} aria-hidden /> inside TLS
          </span>
        )}
        <span className={styles.topEnd}>
          <Link to={connectionPlace(sessionId)}>
            {place !== null && place > 1
              ? `${ordinal(place)} transaction on this connection: see all of it`
              : 'Whole connection'}
          </Link>
          <Copy value={dialogueText(dialogue)} what="dialogue as text" />
        </span>
      </div>
      <ChoosableLines
        lines={dialogue}
        deciding={links.reply}
        decided={outcomeKind(transaction.decision)}
        marked={links.lines}
        chosen={links.mark?.kind === 'line' ? links.mark.index : null}
        onChoose={(index) => onMark({ kind: 'line', index })}
      />
      {steps === 'below' && (
        <div className={styles.led} aria-live="polite">
          <Led {...props} />
        </div>
      )}
    </div>
  );
};
