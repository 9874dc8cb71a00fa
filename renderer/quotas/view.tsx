/** Quotas: the customer's two windows, use over time, and users by share of their limit. */
import { type ReactNode, useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { type QuotaWindow, quotaWindowSchema } from '../../relay-core/contract/index.ts';
import { useStatus } from '../api/snapshot.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Facts } from './facts.tsx';
import { HistoryChart } from './history-chart.tsx';
import { type Chosen, useCustomerWindows } from './quota-data.ts';
import styles from './quotas.module.css';
import { UsersTable } from './users-table.tsx';
import { WindowCard } from './window-card.tsx';

const firstShown: QuotaWindow = 'customer-recipients-day';

const useAddress = () => {
  const [params, setParams] = useSearchParams();
  const window = quotaWindowSchema.safeParse(params.get('window'));
  const user = params.get('user');
  const chosen: Chosen = { window: window.success ? window.data : firstShown, ...(user ? { user } : {}) };
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
  const choose = useCallback(({ window, user }: Chosen) => set({ window, user }), [set]);
  return { chosen, choose, search: params.get('search') ?? '', set };
};

const QuotasView = (): ReactNode => {
  const { chosen, choose, search, set } = useAddress();
  const status = useStatus();
  const customer = useCustomerWindows();
  return (
    <div className={styles.quotas}>
      <div className={styles.left}>
        {customer.isError && (
          <FailureNotice
            what="The quotas could not be read"
            error={customer.error}
            retry={() => void customer.refetch()}
          />
        )}
        <div className={styles.cards}>
          {customer.data?.map((state) => (
            <WindowCard
              key={state.window}
              state={state}
              chosen={chosen.user === undefined && chosen.window === state.window}
              onChoose={() => choose({ window: state.window })}
            />
          ))}
        </div>
        <HistoryChart chosen={chosen} />
        {status && <Facts status={status} windows={customer.data ?? []} />}
      </div>
      <UsersTable
        search={search}
        onSearch={(value) => set({ search: value })}
        chosen={chosen}
        onChoose={choose}
      />
    </div>
  );
};

export default QuotasView;
