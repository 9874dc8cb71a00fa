/** The recipients: a pill each, some fifty drawn however many there are; a wrong one is red and comes into view. */
import { CloseButton, Pill, PillsInput } from '@mantine/core';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  memo,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react';
import { figure } from '../design/figures.ts';
import { looksLikeAddress, recipientsIn, separatesRecipients, shownRecipients } from './recipients.ts';
import styles from './send.module.css';

type PillsProps = { recipients: readonly string[]; onRemove: (index: number) => void };

const sameRecipients = (before: PillsProps, after: PillsProps): boolean =>
  before.recipients.length === after.recipients.length &&
  before.recipients.every((one, index) => one === after.recipients[index]);

/** Drawn again only when a recipient changes: typing elsewhere in the form leaves them alone. */
const Pills = memo(({ recipients, onRemove }: PillsProps): ReactNode => {
  const { places, more } = shownRecipients(recipients);
  return (
    <>
      {places.map((place) => {
        const address = recipients[place] ?? '';
        return (
          <Pill
            key={`${place} ${address}`}
            withRemoveButton
            className={styles.recipient ?? ''}
            data-wrong={!looksLikeAddress(address) || undefined}
            removeButtonProps={{ 'aria-label': `Remove ${address}` }}
            onRemove={() => onRemove(place)}
          >
            {address}
          </Pill>
        );
      })}
      {more > 0 && <span className={styles.moreRecipients}>and {figure(more)} more</span>}
    </>
  );
}, sameRecipients);

type Props = { recipients: readonly string[]; onChange: (recipients: string[]) => void; error: ReactNode };

export const RecipientsField = ({ recipients, onChange, error }: Props): ReactNode => {
  const [typed, setTyped] = useState('');
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef({ recipients, onChange });
  latest.current = { recipients, onChange };
  const remove = useRef((place: number): void => {
    const { recipients: now, onChange: change } = latest.current;
    change(now.filter((_, index) => index !== place));
  });
  useEffect(() => {
    if (error) box.current?.querySelector('[data-wrong]')?.scrollIntoView({ block: 'nearest' });
  }, [error]);

  const add = (text: string): void => {
    setTyped('');
    const added = recipientsIn(text);
    if (added.length > 0) onChange([...new Set([...recipients, ...added])]);
  };
  const type = (text: string): void => {
    if (separatesRecipients(text)) add(text);
    else setTyped(text);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // With Ctrl or Cmd the message is sent.
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && typed.trim() !== '') {
      event.preventDefault();
      add(typed);
    }
    if (event.key === 'Backspace' && typed === '') remove.current(recipients.length - 1);
  };
  const onPaste = (event: ClipboardEvent): void => {
    event.preventDefault();
    add(typed + event.clipboardData.getData('text'));
  };
  return (
    <PillsInput
      size="xs"
      label="To"
      description="Enter, comma or space after each; a pasted list is taken apart"
      error={error}
      classNames={{ input: styles.recipients ?? '' }}
      rightSection={
        recipients.length > 0 && (
          <CloseButton
            size="sm"
            aria-label="Remove all recipients"
            title="Remove all recipients"
            onClick={() => onChange([])}
          />
        )
      }
    >
      <Pill.Group ref={box}>
        <Pills recipients={recipients} onRemove={remove.current} />
        <PillsInput.Field
          data-path="to"
          autoComplete="off"
          value={typed}
          onChange={({ currentTarget }) => type(currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => add(typed)}
        />
      </Pill.Group>
    </PillsInput>
  );
};
