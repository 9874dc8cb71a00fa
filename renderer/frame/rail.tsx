/** The narrow rail: the views, the colour scheme, the keys. */
import { ActionIcon, Tooltip, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import {
  IconChartBar,
  IconDeviceDesktop,
  IconKeyboard,
  IconListDetails,
  IconMoon,
  IconSend,
  IconSettings,
  IconStethoscope,
  IconSun,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { count } from '../design/figures.ts';
import { useUnreadAlerts, useUnreadProblems } from '../findings/unread.ts';
import styles from './frame.module.css';

export const views = [
  { to: '/transactions', label: 'Transactions', keys: 'g t', Icon: IconListDetails },
  { to: '/send', label: 'Send', keys: 'g s', Icon: IconSend },
  { to: '/quotas', label: 'Quotas', keys: 'g q', Icon: IconChartBar },
  { to: '/findings', label: 'Findings', keys: 'g f', Icon: IconStethoscope },
  { to: '/settings', label: 'Settings', keys: 'g e', Icon: IconSettings },
] as const;

const schemes = {
  auto: { next: 'light', label: 'Colours follow the system', Icon: IconDeviceDesktop },
  light: { next: 'dark', label: 'Light colours', Icon: IconSun },
  dark: { next: 'auto', label: 'Dark colours', Icon: IconMoon },
} as const;

const SchemeSwitch = (): ReactNode => {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { next, label, Icon } = schemes[colorScheme];
  return (
    <Tooltip label={`${label}. Click for: ${schemes[next].label.toLowerCase()}.`} position="right">
      <ActionIcon size="lg" aria-label={label} onClick={() => setColorScheme(next)}>
        <Icon size={18} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
};

const Unread = (): ReactNode => {
  const alerts = useUnreadAlerts();
  const problems = useUnreadProblems();
  const words = [
    ...(alerts > 0 ? [count(alerts, 'new alert')] : []),
    ...(problems > 0 ? [count(problems, 'new problem')] : []),
  ].join(', ');
  return (
    words !== '' && (
      <span className={styles.unread} title={words}>
        <span aria-hidden>{alerts + problems}</span>
        <VisuallyHidden> {words}</VisuallyHidden>
      </span>
    )
  );
};

export const Rail = ({ onHelp }: { onHelp: () => void }): ReactNode => (
  <nav className={styles.rail} aria-label="Views">
    {views.map(({ to, label, keys, Icon }) => (
      <NavLink key={to} to={to} className={styles.view ?? ''} title={`${label} (${keys})`}>
        <Icon size={20} stroke={1.6} aria-hidden />
        <span>{label}</span>
        {to === '/findings' && <Unread />}
      </NavLink>
    ))}
    <div className={styles.railEnd}>
      <SchemeSwitch />
      <Tooltip label="Keyboard (?)" position="right">
        <ActionIcon size="lg" aria-label="Keyboard" onClick={onHelp}>
          <IconKeyboard size={18} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </div>
  </nav>
);
