/** The fields of how it is sent: port, encryption, credentials, and who the client says it is. */
import {
  Autocomplete,
  Button,
  Checkbox,
  Input,
  PasswordInput,
  SegmentedControl,
  Select,
  TextInput,
} from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ReactNode } from 'react';
import { authMechanismSchema, portOfRole, portRoleSchema } from '../../relay-core/contract/index.ts';
import { useStatus } from '../api/snapshot.ts';
import { accountToTry } from './example-account.ts';
import { type FormValues, tlsModesOf } from './form-values.ts';
import styles from './send.module.css';
import type { Suggestions } from './suggestions.ts';

const tlsLabels = { none: 'No TLS', starttls: 'STARTTLS', implicit: 'From the first byte' } as const;

type Props = { form: UseFormReturnType<FormValues>; suggestions: Suggestions | undefined };

const AccountToTry = ({ form }: Pick<Props, 'form'>): ReactNode => {
  const account = accountToTry(useStatus());
  return (
    account && (
      <p className={styles.note}>
        In the example organisation <span className="mono">{account.user}</span> signs in with{' '}
        <span className="mono">{account.password}</span>.{' '}
        <Button size="compact-xs" variant="default" onClick={() => form.setValues(account)}>
          Fill it in
        </Button>
      </p>
    )
  );
};

const Credentials = ({ form }: Pick<Props, 'form'>): ReactNode => (
  <div className={styles.credentials}>
    <TextInput label="User" autoComplete="off" {...form.getInputProps('user')} />
    <PasswordInput
      label="Password or token"
      autoComplete="off"
      visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
      {...form.getInputProps('password')}
    />
    <AccountToTry form={form} />
    <Select
      label="Mechanism"
      placeholder="First offered"
      data={authMechanismSchema.options}
      clearable
      clearButtonProps={{ 'aria-label': 'Take the first offered mechanism' }}
      {...form.getInputProps('mechanism')}
      onChange={(value) => form.setFieldValue('mechanism', value ?? '')}
    />
  </div>
);

export const ConnectionFields = ({ form, suggestions }: Props): ReactNode => {
  const { portRole, tls, authenticate } = form.values;
  const setRole = (value: string): void => {
    const role = portRoleSchema.parse(value);
    form.setFieldValue('portRole', role);
    const [first = 'none', second] = tlsModesOf(role);
    if (!tlsModesOf(role).includes(form.values.tls)) form.setFieldValue('tls', second ?? first);
  };
  return (
    <fieldset className={styles.group}>
      <legend className="section">Connection</legend>
      <div className={styles.pair}>
        <Input.Wrapper label="Port" labelElement="div" size="xs">
          <SegmentedControl
            fullWidth
            aria-label="Port"
            data={portRoleSchema.options.map((value) => ({ value, label: String(portOfRole[value]) }))}
            value={portRole}
            onChange={setRole}
            transitionDuration={0}
          />
        </Input.Wrapper>
        <Input.Wrapper label="Encryption" labelElement="div" size="xs" error={form.errors.tls}>
          <SegmentedControl
            fullWidth
            aria-label="Encryption"
            data={tlsModesOf(portRole).map((value) => ({ value, label: tlsLabels[value] }))}
            {...form.getInputProps('tls')}
            transitionDuration={0}
          />
        </Input.Wrapper>
      </div>
      <div className={styles.pair}>
        <TextInput label="HELO name" placeholder="this machine’s own" {...form.getInputProps('heloName')} />
        <Autocomplete
          label="Source address"
          placeholder="127.0.0.1, as it is"
          data={suggestions?.addresses ?? []}
          {...form.getInputProps('claimedAddress')}
        />
      </div>
      <p className={styles.note}>
        The engine takes the source address as the client’s (by XCLIENT), so that address rules can be tried
        on one machine.
      </p>
      <Checkbox
        label="Authenticate (SMTP AUTH)"
        {...form.getInputProps('authenticate', { type: 'checkbox' })}
      />
      {authenticate && <Credentials form={form} />}
      {authenticate && tls === 'none' && (
        <p className={styles.note}>
          Without TLS the relay offers no AUTH (AUT-3): this shows what it answers then.
        </p>
      )}
    </fieldset>
  );
};
