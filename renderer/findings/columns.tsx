/** What stands in a row of the findings: one client's finding, however often it was made. */
import type { FindingGroup } from '../../relay-core/contract/index.ts';
import type { Column } from '../design/data-table.tsx';
import { figure, utcTime } from '../design/figures.ts';
import { RulePill, Time } from '../design/marks.tsx';
import { SeverityMark } from '../design/severity.tsx';

export const columns: readonly Column<FindingGroup>[] = [
  {
    key: 'last',
    header: 'Last',
    track: '66px',
    cell: ({ lastAt }) => <Time at={lastAt} place="column" />,
  },
  {
    key: 'first',
    header: 'First',
    track: '66px',
    fromWidthPx: 1_150,
    cell: ({ firstAt, count }) => count > 1 && <Time at={firstAt} place="column" />,
  },
  {
    key: 'count',
    header: 'Times',
    track: '44px',
    align: 'end',
    cell: ({ count, firstAt }) =>
      count > 1 && <strong title={`since ${utcTime(firstAt)}`}>{figure(count)}</strong>,
  },
  {
    key: 'severity',
    header: 'Severity',
    track: '82px',
    cell: ({ severity }) => <SeverityMark severity={severity} />,
  },
  {
    key: 'rule',
    header: 'Rule',
    track: '76px',
    fromWidthPx: 560,
    cell: ({ rule }) => <RulePill rule={rule} place="list" />,
  },
  {
    key: 'client',
    header: 'Client',
    track: 'minmax(0, 1.4fr)',
    fromWidthPx: 420,
    cell: ({ client }) => (
      <span title={`${client.address}, HELO ${client.heloName || 'not given'}`}>
        <span className="mono">{client.address}</span> <span className="quiet">{client.heloName}</span>
      </span>
    ),
  },
  {
    key: 'text',
    header: 'Seen',
    track: 'minmax(0, 3fr)',
    cell: ({ text }) => <span title={text}>{text}</span>,
  },
  {
    key: 'fix',
    header: 'What to change',
    track: 'minmax(0, 2fr)',
    fromWidthPx: 1_100,
    cell: ({ fix }) => fix && <span title={fix}>{fix}</span>,
  },
];
