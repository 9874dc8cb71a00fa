/** A rule and its neighbours, opened by any rule pill through the address (`?rule=UQ-1`). */
import { Drawer, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import type { RuleBasis, RuleView } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Prose } from '../design/prose.tsx';
import styles from './frame.module.css';

/** Where a rule comes from, in words. */
export const basisText: Record<RuleBasis, string> = {
  doc: 'The service’s help page states it.',
  log: 'Seen in public logs of the real service.',
  assumed: 'Assumed: neither the page nor the logs settle it.',
  ours: 'Relay Bench’s own design.',
};

/** All rules, read once. */
export const useRules = () => useQuery(api.rules.list.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));

const RuleEntry = ({ rule, chosen }: { rule: RuleView; chosen: boolean }): ReactNode => {
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'center' });
  }, [chosen]);
  return (
    <article ref={element} className={styles.ruleEntry} data-chosen={chosen || undefined}>
      <h3>
        {rule.id}
        {!rule.implemented && <span className="quiet"> does nothing yet</span>}
      </h3>
      <p>
        <Prose text={rule.text} />
      </p>
      <p className="quiet">{basisText[rule.basis]}</p>
    </article>
  );
};

export const RuleDrawer = (): ReactNode => {
  const [params, setParams] = useSearchParams();
  const chosen = params.get('rule');
  const rules = useRules();
  const group = rules.data?.find(({ id }) => id === chosen)?.group;
  const close = () =>
    setParams((before) => {
      before.delete('rule');
      return before;
    });
  return (
    <Drawer
      opened={chosen !== null}
      onClose={close}
      position="right"
      size={460}
      title={chosen ? `Rule ${chosen}` : 'Rule'}
      closeButtonProps={{ 'aria-label': 'Close the rule' }}
      transitionProps={{ duration: 0 }}
    >
      {rules.isError && <FailureNotice what="The rules could not be read" error={rules.error} />}
      {rules.isPending && <Loader size="sm" />}
      {rules.data && !group && chosen && <p className="quiet">There is no rule called {chosen}.</p>}
      {rules.data
        ?.filter((rule) => rule.group === group)
        .map((rule) => (
          <RuleEntry key={rule.id} rule={rule} chosen={rule.id === chosen} />
        ))}
    </Drawer>
  );
};
