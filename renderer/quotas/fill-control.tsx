/** Fills the window that is shown, to a share of its limit or to a number, so that the next message shows the refusal. */
import { Button, NumberInput, Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDropletHalf2 } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { QuotaWindowState } from '../../relay-core/contract/index.ts';
import { client } from '../api/client.ts';
import { useReadQuotasAgain } from '../clock/clock-changes.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { figure } from '../design/figures.ts';
import { windowName } from '../design/quota-words.ts';
import { useShortcuts } from '../frame/shortcuts.ts';
import { fillProblem, fillShares, fillTo } from './fills.ts';
import styles from './quotas.module.css';

export const FillControl = ({ state }: { state: QuotaWindowState }): ReactNode => {
  const [opened, { toggle, close }] = useDisclosure();
  const [wanted, setWanted] = useState<number | string>('');
  const readAgain = useReadQuotasAgain();
  const { window, user, limit } = state;
  const fill = useMutation({
    mutationFn: (used: number) =>
      client.quotas.fill({ window, used, ...(user === undefined ? {} : { user }) }),
    onSuccess: () => {
      readAgain();
      setWanted('');
      close();
    },
  });
  useShortcuts({ f: toggle });
  const problem = wanted === '' ? null : fillProblem(wanted, state);
  const name = [windowName[window], user].filter(Boolean).join(': ');
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && close()}
      position="bottom-start"
      trapFocus
      withArrow
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconDropletHalf2 size={14} />}
          title="Bring this window to a use at once, by entries marked as simulated (f)"
          onClick={() => {
            fill.reset();
            toggle();
          }}
        >
          Fill…
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.fill ?? ''} aria-label={`Fill: ${name}`}>
        <div className={styles.fillShares}>
          {fillShares.map((percent) => {
            const used = fillTo(limit, percent);
            const cannot = fillProblem(used, state);
            return (
              <Button
                key={percent}
                variant="default"
                disabled={cannot !== null || fill.isPending}
                title={cannot ?? `Fill to ${figure(used)}`}
                aria-label={`Fill to ${percent}%, which is ${figure(used)}`}
                onClick={() => fill.mutate(used)}
              >
                {percent}%
              </Button>
            );
          })}
        </div>
        <form
          className={styles.fillNumber}
          onSubmit={(event) => {
            event.preventDefault();
            if (typeof wanted === 'number' && problem === null) fill.mutate(wanted);
          }}
        >
          <NumberInput
            size="xs"
            aria-label="Fill to this use"
            placeholder={figure(limit)}
            thousandSeparator=","
            allowDecimal={false}
            allowNegative={false}
            hideControls
            value={wanted}
            onChange={setWanted}
            error={problem}
          />
          <Button type="submit" disabled={wanted === '' || problem !== null} loading={fill.isPending}>
            Fill to number
          </Button>
        </form>
        <p className="quiet">This window only. The entries are marked as simulated, and can be undone.</p>
        {fill.isError && <FailureNotice what="The window was not filled" error={fill.error} />}
      </Popover.Dropdown>
    </Popover>
  );
};
