/** Send: the test sender. The form left, the dialogue right. */
import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconSend } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { api } from '../api/client.ts';
import { ConnectionFields } from './connection-fields.tsx';
import { FilledFromNote } from './filled-from.tsx';
import { emptyForm, type FormValues, formErrors, messageOf } from './form-values.ts';
import { forgetFilledFrom, formFilledFrom, keepValues, lastValues } from './last-values.ts';
import { MessageFields } from './message-fields.tsx';
import { Outcome } from './outcome.tsx';
import styles from './send.module.css';
import { useSending } from './sending.ts';
import { type Suggestions, suggestionsFrom } from './suggestions.ts';

/** A form that was never used begins with what the organisation's own settings would accept. */
const firstValues = ({ senders, addresses, heloName }: Suggestions): FormValues => ({
  ...emptyForm,
  from: senders[0] ?? '',
  to: ['someone@example.org'],
  heloName: heloName ?? '',
  // This machine's own address is claimed by nobody: it is seen as it is.
  claimedAddress: addresses.includes('127.0.0.1') ? '' : (addresses[0] ?? ''),
});

const SendView = (): ReactNode => {
  const suggestions = useQuery(
    api.bench.read.queryOptions({ select: ({ yaml }) => suggestionsFrom(yaml) }),
  ).data;
  const form = useForm<FormValues>({
    mode: 'controlled',
    initialValues: lastValues() ?? emptyForm,
    validate: formErrors,
    onValuesChange: keepValues,
  });
  const untouched = useRef(lastValues() === null);
  const { lines, sending } = useSending();
  const [filledFrom, setFilledFrom] = useState(formFilledFrom);

  const { setValues } = form;
  useEffect(() => {
    if (!suggestions || !untouched.current) return;
    untouched.current = false;
    setValues(firstValues(suggestions));
  }, [suggestions, setValues]);

  const outcome = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what happens is below the form in a narrow window, when it begins and when it is there.
  useEffect(() => {
    if (!sending.isIdle) outcome.current?.scrollIntoView({ block: 'start' });
  }, [sending.status]);

  const submit = form.onSubmit(
    (values) => {
      forgetFilledFrom();
      setFilledFrom(null);
      sending.mutate(messageOf(values));
    },
    (errors) => {
      // One of a list stands in the field of the list.
      const [first] = Object.keys(errors)[0]?.split('.') ?? [];
      if (first) form.getInputNode(first)?.focus();
    },
  );
  return (
    <div className={styles.send}>
      <form
        className={styles.form}
        aria-label="Test message"
        noValidate
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        }}
      >
        <div className={styles.fields}>
          {filledFrom && <FilledFromNote {...filledFrom} />}
          <MessageFields form={form} suggestions={suggestions} />
          <ConnectionFields form={form} suggestions={suggestions} />
        </div>
        <div className={styles.submit}>
          <Button type="submit" size="sm" leftSection={<IconSend size={15} />} loading={sending.isPending}>
            Send
          </Button>
          <span className="quiet">To this engine only; nothing is delivered onward.</span>
        </div>
      </form>
      <section ref={outcome} className={styles.right} aria-label="What happened">
        <Outcome lines={lines} result={sending.data} pending={sending.isPending} error={sending.error} />
      </section>
    </div>
  );
};

export default SendView;
