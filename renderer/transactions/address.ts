/** The address of a place in this view: filter, transaction, tab. Links keep all of it. */
import { useCallback } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { outcomeSchema } from '../../relay-core/contract/index.ts';
import type { ListFilter } from './list-data.ts';

export const detailTabs = ['decision', 'dialogue', 'envelope', 'message'] as const;
export type DetailTab = (typeof detailTabs)[number];

const isTab = (value: string | null): value is DetailTab => detailTabs.some((tab) => tab === value);

export const useTransactionsAddress = () => {
  const { id = null } = useParams();
  const [params, setParams] = useSearchParams();
  const navigate = useNavigate();
  const tab = params.get('tab');
  const outcome = outcomeSchema.safeParse(params.get('outcome'));
  const search = params.get('search') ?? '';
  const filter: ListFilter = {
    ...(outcome.success ? { outcome: outcome.data } : {}),
    ...(search ? { search } : {}),
  };
  const set = useCallback(
    (key: string, value: string | null) =>
      setParams(
        (before) => {
          if (value) before.set(key, value);
          else before.delete(key);
          return before;
        },
        { replace: true },
      ),
    [setParams],
  );
  const query = params.size > 0 ? `?${params}` : '';
  return {
    id,
    tab: isTab(tab) ? tab : detailTabs[0],
    filter,
    set,
    /** Opens a transaction: from the list as a new place in the history, from another one in its stead. */
    open: (next: string) =>
      void navigate(`/transactions/${encodeURIComponent(next)}${query}`, { replace: id !== null }),
    close: () => void navigate(`/transactions${query}`),
  };
};
