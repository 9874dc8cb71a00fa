/** What stands in a row of the findings. */
import type { SessionFinding } from '../../relay-core/contract/index.ts';
import type { Column } from '../design/data-table.tsx';
import { RulePill, Time } from '../design/marks.tsx';
import { SeverityMark } from '../design/severity.tsx';

export const columns: readonly Column<SessionFinding>[] = [
  { key: 'time', header: 'Time', track: '66px', cell: ({ at }) => <Time at={at} place="column" /> },
  {
    key: 'severity',
    header: 'Severity',
    track: '78px',
    cell: ({ severity }) => <SeverityMark severity={severity} />,
  },
  { key: 'rule', header: 'Rule', track: '58px', cell: ({ rule }) => <RulePill rule={rule} place="list" /> },
  {
    key: 'client',
    header: 'Client',
    track: 'minmax(0, 1.4fr)',
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
    fromWidthPx: 1_000,
    cell: ({ fix }) => fix && <span title={fix}>{fix}</span>,
  },
];
