/** The conversation, line by line: who spoke, when since the connection began, what went through TLS. Choosing a line marks its step. */
import { UnstyledButton } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { DialogueLine, Transaction } from '../../relay-core/contract/index.ts';
import { Copy, RulePill } from '../design/marks.tsx';
import styles from './dialogue.module.css';
import { dialogueText } from './dialogue-text.ts';
import type { Links, Mark } from './links.ts';

const wait = (ms: number): string =>
  ms < 10_000 ? ms.toFixed(ms < 100 ? 1 : 0) : `${(ms / 1_000).toFixed(1)} s`;

type LinesProps = {
  lines: readonly DialogueLine[];
  marked?: ReadonlySet<number>;
  chosen?: number | null;
  onChoose?: (index: number) => void;
};

/** The lines alone, as the test sender shows them too. */
export const DialogueLines = ({ lines, marked, chosen = null, onChoose }: LinesProps): ReactNode => {
  const list = useRef<HTMLDivElement>(null);
  const firstMarked = marked && marked.size > 0 ? Math.min(...marked) : null;
  useEffect(() => {
    if (firstMarked !== null && chosen === null)
      list.current?.children[firstMarked]?.scrollIntoView({ block: 'nearest' });
  }, [firstMarked, chosen]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined || !onChoose) return;
    event.preventDefault();
    const next = Math.max(0, Math.min((chosen ?? -1) + by, lines.length - 1));
    onChoose(next);
    list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div
      ref={list}
      className={styles.lines}
      role={onChoose ? 'listbox' : 'log'}
      aria-label="Dialogue"
      tabIndex={0}
      onKeyDown={onKeyDown}
      aria-activedescendant={chosen !== null && onChoose ? `dialogue-line-${chosen}` : undefined}
    >
      {lines.map(({ direction, text, tls, sinceStartMs, at }, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end.
          key={index}
          id={`dialogue-line-${index}`}
          className={styles.line}
          role={onChoose ? 'option' : undefined}
          aria-selected={onChoose ? index === chosen : undefined}
          data-direction={direction}
          data-tls={tls || undefined}
          data-marked={marked?.has(index) || undefined}
          data-choosable={onChoose ? true : undefined}
          onClick={() => onChoose?.(index)}
        >
          <span className={styles.ms} title={`${at}${tls ? ', inside TLS' : ''}`}>
            {wait(sinceStartMs)}
          </span>
          <span className={styles.who} aria-label={direction}>
            {direction === 'client' ? 'C' : 'S'}
          </span>
          <span className={styles.text}>{text}</span>
        </div>
      ))}
    </div>
  );
};

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
  const { dialogue } = transaction;
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
          <Copy value={dialogueText(dialogue)} what="dialogue as text" />
        </span>
      </div>
      <DialogueLines
        lines={dialogue}
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
