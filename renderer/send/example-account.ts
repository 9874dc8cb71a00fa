/** The one account of the example organisation that can sign in: its file is kept with a hash, which tells nobody. A test holds it to the file. */
import type { Status } from '../../relay-core/contract/index.ts';

export const exampleAccount = { user: 'anna@example.com', password: 'correct horse battery staple' } as const;

/** The account, while the organisation runs that has it. */
export const accountToTry = (status: Pick<Status, 'example' | 'primaryDomain'> | null) =>
  status?.example && status.primaryDomain === 'example.com' ? exampleAccount : null;
