/** Quotas: the clock, the customer's and a user's windows, use over time, what counts as what, and the users by share. */
import { CloseButton, NumberInput } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useMemo } from 'react';
import { parsePath, useSearchParams } from 'react-router';
import {
  type QuotaWindow,
  type QuotaWindowState,
  quotaWindowSchema,
} from '../../relay-core/contract/index.ts';
import { comparisonForm } from '../api/comparison-form.ts';
import { useStatus } from '../api/snapshot.ts';
import { ClockControls, type NextPlace } from '../clock/clock-controls.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { CountsSideBySide } from './counts-side-by-side.tsx';
import { Facts } from './facts.tsx';
import { FillControl } from './fill-control.tsx';
import { HistoryChart } from './history-chart.tsx';
import { type Chosen, useCustomerWindows, useNameOf, useUsers, useWindowsOf } from './quota-data.ts';
import styles from './quotas.module.css';
import { Rehearsal } from './rehearsal.tsx';
import { twoCounts } from './two-counts.ts';
import { UsersTable } from './users-table.tsx';
import { WindowCard } from './window-card.tsx';

const firstShown: QuotaWindow = 'customer-recipients-day';
/** A message has at most so many recipients by the form of the test sender. */
const mostRecipients = 2_000;

/** The user whom the address names at this moment: a key may come before React has drawn where the one before led to. */
const userNow = (): string | null => {
  const { search = '' } = parsePath(window.location.hash.slice(1));
  const user = new URLSearchParams(search).get('user');
  return user ? comparisonForm(user) : null;
};

const useAddress = () => {
  const [params, setParams] = useSearchParams();
  const window = quotaWindowSchema.safeParse(params.get('window'));
  const user = params.get('user');
  const chosen: Chosen = {
    window: window.success ? window.data : firstShown,
    ...(user ? { user: comparisonForm(user) } : {}),
  };
  const recipients = Number(params.get('recipients') ?? 1);
  const set = useCallback(
    (values: Record<string, string | undefined>) =>
      setParams(
        (before) => {
          for (const [key, value] of Object.entries(values)) {
            if (value) before.set(key, value);
            else before.delete(key);
          }
          return before;
        },
        { replace: true },
      ),
    [setParams],
  );
  return {
    chosen,
    choose: useCallback(({ window, user }: Chosen) => set({ window, user }), [set]),
    recipients: Number.isInteger(recipients) && recipients >= 1 ? Math.min(recipients, mostRecipients) : 1,
    search: params.get('search') ?? '',
    set,
  };
};

const isShown = (state: QuotaWindowState, { window, user }: Chosen): boolean =>
  state.window === window && (window.startsWith('customer-') || state.user === user);

/** Where the clock may step to: the next free place of the window shown. */
const nextPlaceOf = (state: QuotaWindowState | undefined): NextPlace | null =>
  state === undefined
    ? null
    : {
        step: {
          to: 'next-free-place',
          window: state.window,
          ...(state.user === undefined ? {} : { user: state.user }),
        },
        at: state.nextFreeAt,
      };

const QuotasView = (): ReactNode => {
  const { chosen, choose, recipients, search, set } = useAddress();
  const status = useStatus();
  const customer = useCustomerWindows(recipients);
  const ofUser = useWindowsOf(chosen.user, recipients);
  const nobody = chosen.user !== undefined && ofUser.data?.length === 0;
  const name = useNameOf(nobody ? chosen.user : undefined).data;
  useEffect(() => {
    // An alias leads to its user.
    if (name !== undefined && name !== chosen.user) set({ user: name });
  }, [name, chosen.user, set]);
  const users = useUsers(search);
  const states = useMemo(
    () => [...(customer.data ?? []), ...(chosen.user === undefined ? [] : (ofUser.data ?? []))],
    [customer.data, ofUser.data, chosen.user],
  );
  const shown = states.find((state) => isShown(state, chosen));
  const day = states.find(({ window }) => window === 'customer-recipients-day');
  const [fullestUser] = users.rows;
  const messages = states.find(({ window }) => window === 'user-messages-day') ?? fullestUser?.messages;
  const unique = states.find(({ window }) => window === 'user-unique-recipients-day') ?? fullestUser?.unique;
  const card = (state: QuotaWindowState): ReactNode => (
    <WindowCard
      key={state.window}
      state={state}
      recipients={state.window === 'user-messages-day' ? 1 : recipients}
      chosen={isShown(state, chosen)}
      onChoose={() => choose({ window: state.window, user: chosen.user })}
    />
  );
  return (
    <div className={styles.page}>
      <div className={styles.controls}>
        <ClockControls nextPlace={nextPlaceOf(shown)} />
        <Rehearsal user={chosen.user} />
      </div>
      <div className={styles.quotas}>
        <div className={styles.left}>
          <div className={styles.windowsTop}>
            <h3 className="section">Windows</h3>
            <span className={styles.size}>
              <span className="quiet">What still fits: messages to</span>
              <NumberInput
                size="xs"
                className={styles.sizeField ?? ''}
                aria-label="Recipients of a message that shall fit"
                min={1}
                max={mostRecipients}
                allowDecimal={false}
                clampBehavior="strict"
                value={recipients}
                onChange={(value) => set({ recipients: value === 1 ? undefined : String(value) })}
              />
              <span className="quiet">{recipients === 1 ? 'recipient' : 'recipients'}</span>
            </span>
          </div>
          {customer.isError && (
            <FailureNotice
              what="The quotas could not be read"
              error={customer.error}
              retry={() => void customer.refetch()}
            />
          )}
          <div className={styles.cards}>
            {(customer.data ?? []).map(card)}
            {chosen.user !== undefined && (
              <div className={styles.userTop}>
                <h3 className="section cut">{chosen.user}</h3>
                <CloseButton
                  size="sm"
                  aria-label="Show the customer’s windows only"
                  onClick={() => choose({ window: firstShown })}
                />
              </div>
            )}
            {nobody && name === chosen.user && (
              <p className={`quiet ${styles.userTop}`}>
                No registered user has this address, so no limit of a user applies to it (UQ-4).
              </p>
            )}
            {chosen.user !== undefined && ofUser.data?.map(card)}
          </div>
          <HistoryChart
            chosen={chosen.window.startsWith('customer-') ? { window: chosen.window } : chosen}
            source={shown?.limitSource.text}
            fill={shown && <FillControl key={`${shown.window} ${shown.user ?? ''}`} state={shown} />}
          />
          {day && messages && unique && <CountsSideBySide counts={twoCounts({ messages, unique, day })} />}
          {status && <Facts status={status} windows={customer.data ?? []} />}
        </div>
        <UsersTable
          users={users}
          search={search}
          onSearch={(value) => set({ search: value })}
          chosen={chosen}
          userNow={userNow}
          onChoose={choose}
        />
      </div>
    </div>
  );
};

export default QuotasView;
