/** The fields of what is sent: envelope, subject, content, attachments. */
import { Autocomplete, Button, FileButton, Pill, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPaperclip } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { bytes, figure } from '../design/figures.ts';
import { type Attachment, contentKinds, type FormValues } from './form-values.ts';
import { RecipientsField } from './recipients-field.tsx';
import styles from './send.module.css';
import type { Suggestions } from './suggestions.ts';

const contentLabels = { text: 'Text', html: 'HTML', raw: 'Raw message' } as const;

const readFile = async (file: File): Promise<Attachment> => {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  return {
    filename: file.name,
    ...(file.type ? { contentType: file.type } : {}),
    contentBase64: url.slice(url.indexOf(',') + 1),
  };
};

const Attachments = ({ form }: { form: UseFormReturnType<FormValues> }): ReactNode => {
  const { attachments } = form.values;
  const add = async (files: File[]): Promise<void> => {
    const added = await Promise.all(files.map(readFile));
    form.setFieldValue('attachments', (before) => [...before, ...added]);
  };
  return (
    <div className={styles.attachments}>
      <FileButton multiple onChange={(files) => void add(files)}>
        {(props) => (
          <Button {...props} variant="default" leftSection={<IconPaperclip size={14} />}>
            Attach files
          </Button>
        )}
      </FileButton>
      {attachments.map(({ filename, contentBase64 }, index) => (
        <Pill
          // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be attached twice.
          key={index}
          withRemoveButton
          removeButtonProps={{ 'aria-label': `Remove ${filename}` }}
          onRemove={() => form.removeListItem('attachments', index)}
        >
          {filename}, {bytes(Math.floor((contentBase64.length * 3) / 4))}
        </Pill>
      ))}
      {form.errors.attachments && <span className={styles.error}>{form.errors.attachments}</span>}
    </div>
  );
};

/** What is told of the recipients as a whole, or of the first wrong one. */
const recipientsError = ({ errors }: UseFormReturnType<FormValues>): ReactNode => {
  const [first, ...others] = Object.entries(errors).flatMap(([field, error]) =>
    field.startsWith('to.') ? [error] : [],
  );
  if (errors.to || first === undefined) return errors.to;
  return others.length > 0 ? `${first} ${figure(others.length)} more are none either.` : first;
};

type Props = { form: UseFormReturnType<FormValues>; suggestions: Suggestions | undefined };

export const MessageFields = ({ form, suggestions }: Props): ReactNode => {
  const { content } = form.values;
  return (
    <fieldset className={styles.group}>
      <legend className="section">Message</legend>
      <Autocomplete
        label="From"
        description="Envelope sender; empty is the null sender <>"
        data={suggestions?.senders ?? []}
        limit={20}
        {...form.getInputProps('from')}
      />
      <RecipientsField
        recipients={form.values.to}
        onChange={(recipients) => {
          form.setFieldValue('to', recipients);
          for (const field of Object.keys(form.errors))
            if (field.startsWith('to.')) form.clearFieldError(field);
        }}
        error={recipientsError(form)}
      />
      <SegmentedControl
        aria-label="Content"
        data={contentKinds.map((value) => ({ value, label: contentLabels[value] }))}
        {...form.getInputProps('content')}
        transitionDuration={0}
      />
      {content !== 'raw' && <TextInput label="Subject" {...form.getInputProps('subject')} />}
      <Textarea
        key={content}
        aria-label={contentLabels[content]}
        classNames={{ input: styles.body ?? '' }}
        autosize
        minRows={5}
        maxRows={14}
        {...(content === 'raw' ? { placeholder: 'From: anna@example.com\nSubject: …\n\nText' } : {})}
        {...form.getInputProps(content)}
      />
      {content !== 'raw' && <Attachments form={form} />}
    </fieldset>
  );
};
