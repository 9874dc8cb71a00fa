/**
 * The keyboard of the whole app: single keys and pairs such as `g t`, heard once at the window.
 * A view says what a key does while it is there; keys typed into a field are the field's.
 */
import { useEffect, useRef } from 'react';

export type Shortcuts = Record<string, () => void>;

/** All keys, in the order the help shows them. */
export const shortcutHelp: readonly { where: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    where: 'Everywhere',
    keys: [
      ['g t', 'Transactions'],
      ['g s', 'Send'],
      ['g q', 'Quotas'],
      ['g f', 'Findings'],
      ['g e', 'Settings'],
      ['?', 'This help'],
      ['Esc', 'Close what is open'],
    ],
  },
  {
    where: 'Transactions',
    keys: [
      ['/', 'Search'],
      ['j', 'Next transaction'],
      ['k', 'Previous transaction'],
      ['Enter', 'Open the transaction'],
      ['n', 'Bring in the new ones'],
      ['1 2 3 4', 'Decision, Dialogue, Envelope, Message'],
    ],
  },
  { where: 'Send', keys: [['Ctrl Enter', 'Send the message']] },
  {
    where: 'Findings',
    keys: [
      ['/', 'Search'],
      ['j', 'Next finding'],
      ['k', 'Previous finding'],
      ['Enter', 'Open its connection'],
    ],
  },
  {
    where: 'Quotas',
    keys: [
      ['/', 'Search users'],
      ['j', 'Next user'],
      ['k', 'Previous user'],
      ['Enter', 'Show the user’s windows'],
      ['f', 'Fill the window that is shown'],
      ['z', 'Zoom the chart out to all of its time'],
    ],
  },
  {
    where: 'Settings',
    keys: [
      ['Ctrl S', 'Save'],
      ['Ctrl Space', 'What can stand here'],
    ],
  },
];

/** How long the second key of a pair may take, in milliseconds. */
const pairMs = 1_200;

const layers: { current: Shortcuts }[] = [];
let first: { key: string; at: number } | null = null;

/** Inputs that take no typing: keys pressed on them may be shortcuts. */
const pressed = new Set(['radio', 'checkbox', 'button', 'submit']);

const inField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    ['TEXTAREA', 'SELECT'].includes(target.tagName) ||
    (target instanceof HTMLInputElement && !pressed.has(target.type)));

/** Whether the key is another's: typed into a field, pressed on a button, or meant for an open dialogue box. */
const belongsElsewhere = ({ key, target }: KeyboardEvent): boolean => {
  if (document.querySelector('[role="dialog"]')) return true;
  if (key === 'Escape') return inField(target);
  if (key === 'Enter') return target !== document.body;
  return inField(target);
};

/** The action for keys pressed now; a later layer (the view) is asked before an earlier one (the frame). */
const actionFor = (keys: string): (() => void) | undefined =>
  layers.toReversed().find(({ current }) => current[keys])?.current[keys];

/** The keys that go through a view's list. */
const listKeys = new Set(['j', 'k']);

/** The list stands first in its view. It takes the focus as from a click: a screen reader says the row, and Enter opens it. */
const focusList = (): void =>
  document.querySelector<HTMLElement>('main [role="grid"]')?.focus({ preventScroll: true });

const onKeyDown = (event: KeyboardEvent): void => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (belongsElsewhere(event)) return;
  const pair =
    first && event.timeStamp - first.at < pairMs ? actionFor(`${first.key} ${event.key}`) : undefined;
  const startsPair = layers.some(({ current }) =>
    Object.keys(current).some((keys) => keys.startsWith(`${event.key} `)),
  );
  first = !pair && startsPair ? { key: event.key, at: event.timeStamp } : null;
  const action = pair ?? actionFor(event.key);
  if (!action) return;
  event.preventDefault();
  action();
  if (listKeys.has(event.key)) focusList();
};

/** Adds keys for as long as the component is there. */
export const useShortcuts = (shortcuts: Shortcuts): void => {
  const layer = useRef(shortcuts);
  layer.current = shortcuts;
  useEffect(() => {
    if (layers.length === 0) window.addEventListener('keydown', onKeyDown);
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      if (layers.length === 0) window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
};
