/** Shows every key there is. */
import { Kbd, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './frame.module.css';
import { shortcutHelp } from './shortcuts.ts';

export const ShortcutHelp = ({ opened, onClose }: { opened: boolean; onClose: () => void }): ReactNode => (
  <Modal
    opened={opened}
    onClose={onClose}
    title="Keyboard"
    size="lg"
    closeButtonProps={{ 'aria-label': 'Close' }}
    transitionProps={{ duration: 0 }}
  >
    <div className={styles.help}>
      {shortcutHelp.map(({ where, keys }) => (
        <section key={where}>
          <h3 className="section">{where}</h3>
          <dl>
            {keys.map(([combination, does]) => (
              <div key={combination}>
                <dt>
                  {combination.split(' ').map((key) => (
                    <Kbd key={key} size="xs">
                      {key}
                    </Kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  </Modal>
);
