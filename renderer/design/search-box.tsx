/** The search field of a list: `/` leads to it, Escape out of it, and it can be cleared. */
import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { ReactNode, Ref } from 'react';

type Props = {
  /** What is searched, for a screen reader: "Search users". */
  name: string;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
  className?: string | undefined;
  ref: Ref<HTMLInputElement>;
};

export const SearchBox = ({
  name,
  placeholder = name,
  value,
  onChange,
  className,
  ref,
}: Props): ReactNode => (
  <TextInput
    ref={ref}
    {...(className === undefined ? {} : { className })}
    aria-label={name}
    placeholder={placeholder}
    leftSection={<IconSearch size={14} aria-hidden />}
    rightSection={
      value ? (
        <CloseButton size="xs" aria-label="Clear the search" onClick={() => onChange('')} />
      ) : (
        <Kbd size="xs">/</Kbd>
      )
    }
    value={value}
    onChange={({ currentTarget }) => onChange(currentTarget.value)}
    onKeyDown={(event) => {
      if (event.key === 'Escape') event.currentTarget.blur();
    }}
  />
);
