/** What stands around every view: rail, strip, bars for what is wrong, the keys and the rule drawer. */
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, Suspense } from 'react';
import { Outlet, useNavigate } from 'react-router';
import { ConnectionBar } from './connection-bar.tsx';
import styles from './frame.module.css';
import { PageTitle } from './page-title.tsx';
import { Rail } from './rail.tsx';
import { RuleDrawer } from './rule-drawer.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';
import { useShortcuts } from './shortcuts.ts';
import { Problems, Strip } from './strip.tsx';

export const Frame = (): ReactNode => {
  const navigate = useNavigate();
  const [help, { open, close }] = useDisclosure();
  const go = (to: string) => () => void navigate(to);
  useShortcuts({
    'g t': go('/transactions'),
    'g s': go('/send'),
    'g q': go('/quotas'),
    'g f': go('/findings'),
    'g e': go('/settings'),
    '?': open,
  });
  return (
    <div className={styles.frame}>
      <Rail onHelp={open} />
      <div className={styles.column}>
        <Strip />
        <ConnectionBar />
        <Problems />
        <main className={styles.main}>
          <PageTitle />
          <Suspense>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <RuleDrawer />
      <ShortcutHelp opened={help} onClose={close} />
    </div>
  );
};
