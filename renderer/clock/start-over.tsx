/** "Start over": wall time again, with empty windows. It asks first, since what was counted cannot be had back. */
import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { FailureNotice } from '../design/failure-notice.tsx';
import styles from './clock.module.css';
import { useClockChange } from './clock-changes.ts';

/** `size` is the button's; the strip has less room than the page. */
export const StartOver = ({
  size,
  disabled,
}: {
  size: 'compact-xs' | 'xs';
  disabled?: boolean;
}): ReactNode => {
  const [asking, { open, close }] = useDisclosure();
  const change = useClockChange();
  const startOver = (): void => change.mutate({ mode: 'real' }, { onSuccess: close });
  return (
    <>
      <Button
        size={size}
        variant="default"
        disabled={disabled ?? false}
        title={
          disabled
            ? 'The clock goes with wall time already'
            : 'Back to wall time, with empty windows. Asks before it does.'
        }
        onClick={() => {
          change.reset();
          open();
        }}
      >
        Start over
      </Button>
      <Modal
        opened={asking}
        onClose={close}
        title="Start over?"
        closeButtonProps={{ 'aria-label': 'Leave the clock as it is' }}
        transitionProps={{ duration: 0 }}
      >
        <p>
          The engine’s clock returns to wall time, and <strong>every quota window will be empty</strong>: what
          was sent no longer counts, nor what was filled in. This cannot be undone.
        </p>
        <p className="quiet">Transactions stay in their list, with the times they have.</p>
        {change.isError && <FailureNotice what="The clock was not started over" error={change.error} />}
        <div className={styles.answers}>
          <Button variant="default" data-autofocus onClick={close}>
            Leave it
          </Button>
          <Button color="red.9" loading={change.isPending} onClick={startOver}>
            Start over with empty windows
          </Button>
        </div>
      </Modal>
    </>
  );
};
