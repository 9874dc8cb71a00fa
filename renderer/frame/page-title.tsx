/** What this page is called: in the window's title and the browser's tabs, and as the heading that a screen reader looks for. */
import { VisuallyHidden } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLocation, useMatch } from 'react-router';
import type { Transaction } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { views } from './rail.tsx';

/** A transaction as a tab has room for it: its subject, or whom it is from where none was sent. */
const titleOf = ({ message, envelope }: Transaction): string =>
  message?.subject || `From ${envelope.before.from || 'the null sender'}`;

const useOpenTransaction = (): string | undefined => {
  const id = useMatch('/transactions/:id')?.params.id;
  return useQuery(
    api.transactions.get.queryOptions({
      input: { id: id ?? '' },
      enabled: id !== undefined,
      staleTime: Number.POSITIVE_INFINITY,
      select: titleOf,
    }),
  ).data;
};

export const PageTitle = (): ReactNode => {
  const { pathname } = useLocation();
  const view = views.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`))?.label;
  const transaction = useOpenTransaction();
  useDocumentTitle([transaction ?? view, 'Relay Bench'].filter(Boolean).join(' – '));
  return (
    <VisuallyHidden>
      <h1>{view}</h1>
    </VisuallyHidden>
  );
};
