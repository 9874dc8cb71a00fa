/** The app: providers around a hash router, whose addresses are the links people keep. */
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, type ReactNode } from 'react';
import { createHashRouter, Navigate, RouterProvider } from 'react-router';
import { queryClient } from './api/client.ts';
import { theme, variables } from './design/tokens.ts';
import { CrashNotice } from './frame/crash-notice.tsx';
import { Frame } from './frame/frame.tsx';
import { TransactionsView } from './transactions/view.tsx';

// The chart library and the editor are large: their views come when they are asked for.
const SendView = lazy(() => import('./send/view.tsx'));
const QuotasView = lazy(() => import('./quotas/view.tsx'));
const FindingsView = lazy(() => import('./findings/view.tsx'));
const SettingsView = lazy(() => import('./settings/view.tsx'));

const router = createHashRouter([
  {
    element: <Frame />,
    errorElement: <CrashNotice />,
    children: [
      { index: true, element: <Navigate to="/transactions" replace /> },
      { path: 'transactions/:id?', element: <TransactionsView /> },
      { path: 'send', element: <SendView /> },
      { path: 'quotas', element: <QuotasView /> },
      { path: 'findings', element: <FindingsView /> },
      { path: 'settings', element: <SettingsView /> },
      { path: '*', element: <Navigate to="/transactions" replace /> },
    ],
  },
]);

export const App = (): ReactNode => (
  <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>
);
