/** Lines of a dialogue: who spoke, when since the connection began, what went through TLS. As a log that grows, or to choose from. */
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { DialogueLine } from '../../relay-core/contract/index.ts';
import type { OutcomeKind } from '../design/outcome.ts';
import styles from './dialogue.module.css';

const wait = (ms: number): string =>
  ms < 10_000 ? ms.toFixed(ms < 100 ? 1 : 0) : `${(ms / 1_000).toFixed(1)} s`;

const LineContent = ({ line }: { line: DialogueLine }): ReactNode => (
  <>
    <span className={styles.ms} title={`${line.at}${line.tls ? ', inside TLS' : ''}`}>
      {wait(line.sinceStartMs)}
    </span>
    <span className={styles.who} title={line.direction}>
      {line.direction === 'client' ? 'C' : 'S'}
    </span>
    <span className={styles.text}>{line.text}</span>
  </>
);

/** A dialogue as it happens: the newest line stays in sight. */
export const DialogueLog = ({ lines }: { lines: readonly DialogueLine[] }): ReactNode => {
  const list = useRef<HTMLOListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line is what moves it.
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [lines.length]);
  return (
    <ol ref={list} className={styles.lines} aria-label="Dialogue">
      {lines.map((line, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end.
          key={index}
          className={styles.line}
          data-direction={line.direction}
          data-tls={line.tls || undefined}
        >
          <LineContent line={line} />
        </li>
      ))}
    </ol>
  );
};

type Props = {
  lines: readonly DialogueLine[];
  /** The lines of the deciding reply, and how it decided. */
  deciding: ReadonlySet<number>;
  decided: OutcomeKind;
  marked: ReadonlySet<number>;
  chosen: number | null;
  onChoose: (index: number) => void;
};

/** A dialogue to choose from: one stop for the Tab key, arrows from line to line. */
export const ChoosableLines = ({ lines, deciding, decided, marked, chosen, onChoose }: Props): ReactNode => {
  const list = useRef<HTMLOListElement>(null);
  const firstMarked = marked.size > 0 && chosen === null ? Math.min(...marked) : null;
  useEffect(() => {
    if (firstMarked !== null) list.current?.children[firstMarked]?.scrollIntoView({ block: 'nearest' });
  }, [firstMarked]);
  const onKeyDown = (index: number) => (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(index + by, lines.length - 1));
    onChoose(next);
    list.current?.children[next]?.querySelector('button')?.focus();
  };
  return (
    <ol ref={list} className={styles.lines} aria-label="Dialogue">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a kept dialogue never changes.
        <li key={index}>
          <button
            type="button"
            className={styles.line}
            tabIndex={index === (chosen ?? 0) ? 0 : -1}
            aria-pressed={index === chosen}
            data-direction={line.direction}
            data-tls={line.tls || undefined}
            data-decides={deciding.has(index) ? decided : undefined}
            data-marked={marked.has(index) || undefined}
            onClick={() => onChoose(index)}
            onKeyDown={onKeyDown(index)}
          >
            <LineContent line={line} />
          </button>
        </li>
      ))}
    </ol>
  );
};
