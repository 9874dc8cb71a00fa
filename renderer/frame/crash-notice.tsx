/** What shows when the page itself has a fault: what it was, and the way on. Nothing of the engine is lost by it. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useRouteError } from 'react-router';
import { FailureNotice } from '../design/failure-notice.tsx';

export const CrashNotice = (): ReactNode => (
  <div>
    <FailureNotice what="This page met a fault of its own" error={useRouteError()} />
    <Button mx="sm" onClick={() => window.location.reload()}>
      Load the page again
    </Button>
  </div>
);
