/** What people do with the engine's clock from these pages. After each, whatever shows quotas is read again. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ClockChange, ClockStep, ClockView } from '../../relay-core/contract/index.ts';
import { api, client } from '../api/client.ts';

/** The first part of the keys of what these pages ask about quotas on their own account. */
export const quotasKey = 'quotas';

/** Reads everything about quotas again. */
export const useReadQuotasAgain = (): (() => void) => {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: [quotasKey] });
    void queries.invalidateQueries({ queryKey: api.quotas.key() });
  };
};

/** A step on, by minutes or to a free place. */
export const useStep = () => {
  const readAgain = useReadQuotasAgain();
  return useMutation<ClockView, Error, ClockStep>({
    mutationFn: (step) => client.clock.advance(step),
    onSuccess: readAgain,
  });
};

/** Another pace, or back to wall time with empty windows (`mode: real`). */
export const useClockChange = () => {
  const readAgain = useReadQuotasAgain();
  return useMutation<ClockView, Error, ClockChange>({
    mutationFn: (change) => client.clock.change(change),
    onSuccess: readAgain,
  });
};
