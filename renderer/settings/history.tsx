/** Beside the editor: saved changes on their way, what was changed before and by whom, and the units that inherit it all. */
import { Button } from '@mantine/core';
import { IconClockHour4, IconHistory, IconSitemap } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { AuditAuthor, PendingVersion } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { count, localTime, utcTime } from '../design/figures.ts';
import styles from './settings.module.css';

export const OnTheirWay = ({ versions }: { versions: readonly PendingVersion[] }): ReactNode =>
  versions.length > 0 && (
    <section className={styles.block} data-kind="pending" role="status">
      <h3>
        <IconClockHour4 size={15} aria-hidden /> {count(versions.length, 'saved change')} on the way
      </h3>
      <p>Until then the previous settings decide. Times are the engine’s.</p>
      <ul>
        {versions.map(({ version, savedAt, inForceAt }) => (
          <li key={`${version} ${savedAt}`} title={utcTime(inForceAt)}>
            In force at <b>{localTime(inForceAt)}</b>
            <span className="quiet">, saved at {localTime(savedAt)}</span>
          </li>
        ))}
      </ul>
    </section>
  );

const authors: Readonly<Record<AuditAuthor, string>> = {
  desktop: 'in the app',
  api: 'over HTTP',
  file: 'in the file, while the engine was off',
};

const firstEntries = 5;
const moreEntries = 100;

/** @param benchVersion asked again when it changes */
export const AuditLog = ({ benchVersion }: { benchVersion: string }): ReactNode => {
  const [limit, setLimit] = useState(firstEntries);
  const query = useQuery({
    ...api.auditLog.list.queryOptions({ input: { limit } }),
    queryKey: [...api.auditLog.list.queryKey({ input: { limit } }), benchVersion],
    placeholderData: keepPreviousData,
  });
  return (
    <section className={styles.block}>
      <h3>
        <IconHistory size={15} aria-hidden /> Audit log
      </h3>
      {query.isError && <FailureNotice what="The audit log could not be read" error={query.error} />}
      {query.data?.items.length === 0 && <p className="quiet">Nothing has been changed yet.</p>}
      <ol className={styles.log}>
        {query.data?.items.map(({ id, at, who, text }) => (
          <li key={id}>
            <span className={styles.where} title={utcTime(at)}>
              {localTime(at)} {authors[who]}
            </span>
            <span className={`mono ${styles.change}`}>{text}</span>
          </li>
        ))}
      </ol>
      {query.data?.nextCursor && limit === firstEntries && (
        <Button variant="default" onClick={() => setLimit(moreEntries)}>
          Show more
        </Button>
      )}
    </section>
  );
};

const shownUnits = 100;

/** @param benchVersion asked again when it changes */
export const OrganisationalUnits = ({ benchVersion }: { benchVersion: string }): ReactNode => {
  const input = { limit: shownUnits };
  const query = useQuery({
    ...api.organisationalUnits.list.queryOptions({ input }),
    queryKey: [...api.organisationalUnits.list.queryKey({ input }), benchVersion],
    placeholderData: keepPreviousData,
  });
  const below = query.data?.items.filter(({ settingsInheritedFrom }) => settingsInheritedFrom !== null) ?? [];
  return (
    below.length > 0 && (
      <section className={styles.block}>
        <h3>
          <IconSitemap size={15} aria-hidden /> Organisational units
        </h3>
        <p>Relay settings are edited at the root only; these units inherit them, read-only.</p>
        <ul>
          {below.map(({ path, users, mailStorage }) => (
            <li key={path}>
              <span className="mono">{path}</span>
              <span className="quiet">
                {' '}
                {count(users, 'user')}, mail storage {mailStorage.on ? 'on' : 'off'}
                {mailStorage.setAt !== path && ` as in ${mailStorage.setAt}`}
              </span>
            </li>
          ))}
        </ul>
      </section>
    )
  );
};
