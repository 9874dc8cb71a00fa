/** The address of a place in this view: filter, transaction, tab. Links keep all of it. */
import { useCallback } from 'react';
import { matchPath, parsePath, useNavigate, useParams, useSearchParams } from 'react-router';
import { outcomeSchema } from '../../relay-core/contract/index.ts';
import type { ListFilter } from './list-data.ts';

export const detailTabs = ['decision', 'dialogue', 'envelope', 'message'] as const;
export type DetailTab = (typeof detailTabs)[number];

const isTab = (value: string | null): value is DetailTab => detailTabs.some((tab) => tab === value);

type Place = { id: string | null; params: URLSearchParams };

/**
 * The place as it is at this moment, which a key or a click starts from: it may come before React has drawn the place
 * that the one before led to. Null in another view.
 */
const placeNow = (): Place | null => {
  const { pathname = '/', search = '' } = parsePath(window.location.hash.slice(1));
  const match = matchPath('/transactions/:id?', pathname);
  return match && { id: match.params.id ?? null, params: new URLSearchParams(search) };
};

const addressOf = ({ id, params }: Place): string =>
  `/transactions${id === null ? '' : `/${encodeURIComponent(id)}`}${params.size > 0 ? `?${params}` : ''}`;

export const useTransactionsAddress = () => {
  const { id = null } = useParams();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const tab = params.get('tab');
  const outcome = outcomeSchema.safeParse(params.get('outcome'));
  const search = params.get('search') ?? '';
  const filter: ListFilter = {
    ...(outcome.success ? { outcome: outcome.data } : {}),
    ...(search ? { search } : {}),
  };

  /** Sets or, with null, takes out, all at once. */
  const set = useCallback(
    (values: Record<string, string | null>): void => {
      const place = placeNow();
      if (!place) return;
      for (const [key, value] of Object.entries(values)) {
        if (value) place.params.set(key, value);
        else place.params.delete(key);
      }
      void navigate(addressOf(place), { replace: true });
    },
    [navigate],
  );
  /** Opens a transaction: from the list as a new place in the history, from another one in its stead. */
  const open = useCallback(
    (next: string): void => {
      const place = placeNow();
      if (place) void navigate(addressOf({ ...place, id: next }), { replace: place.id !== null });
    },
    [navigate],
  );
  const close = useCallback((): void => {
    const place = placeNow();
    if (place?.id) void navigate(addressOf({ ...place, id: null }));
  }, [navigate]);

  return {
    id,
    tab: isTab(tab) ? tab : detailTabs[0],
    filter,
    set,
    open,
    close,
    /** The transaction that is open at this moment, drawn or not. */
    openNow: (): string | null => placeNow()?.id ?? null,
  };
};
