/**
 * The courses of transactions that were kept before there were any: what `courseRow` of `courses.ts` makes of a record,
 * as SQL, for a migration. A migration is never changed, so this is not either.
 */
export const courseTable = `
  CREATE TABLE courses (
    number INTEGER PRIMARY KEY,
    finished_at INTEGER NOT NULL,
    client TEXT NOT NULL,
    reverse_path TEXT NOT NULL,
    reverse_path_after TEXT,
    recipients TEXT NOT NULL,
    answers TEXT,
    declared_bytes INTEGER,
    message_bytes INTEGER,
    outcome TEXT NOT NULL,
    stage TEXT,
    rule TEXT
  );`;

export const coursesOfRecords = `
  INSERT INTO courses (number, finished_at, client, reverse_path, reverse_path_after, recipients, answers,
    declared_bytes, message_bytes, outcome, stage, rule)
  SELECT number, finished_at,
    json_array(record ->> '$.client.address', record ->> '$.client.heloName', record ->> '$.client.portRole',
      record ->> '$.client.tls.version', record ->> '$.client.tls.cipher', record ->> '$.client.authenticatedAs'),
    sender,
    nullif(record ->> '$.envelope.after.from', sender),
    coalesce((SELECT group_concat(value ->> '$.address', char(10)) FROM json_each(record, '$.recipients')), ''),
    (SELECT CASE WHEN ltrim(letters, 'a') = '' THEN NULL ELSE letters END FROM (
      SELECT group_concat(CASE
        WHEN value ->> '$.reply' LIKE '2%' THEN 'a'
        WHEN substr(value ->> '$.reply', 6, 4) = '.5.3' THEN 'r'
        ELSE 'm' END, '') AS letters
      FROM json_each(record, '$.recipients'))),
    CASE WHEN instr(parameters, ' SIZE=') > 0
      THEN min(CAST(substr(parameters, instr(parameters, ' SIZE=') + 6) AS INTEGER), 9007199254740991) END,
    record ->> '$.message.size',
    outcome,
    CASE WHEN outcome = 'rejected' THEN CASE
      WHEN record ->> '$.message.size' IS NOT NULL THEN 'end-of-data'
      WHEN json_array_length(record, '$.quota') > 0 THEN 'data'
      WHEN json_array_length(record, '$.recipients') > 0 THEN 'rcpt'
      ELSE 'mail' END END,
    rule
  FROM (
    SELECT *, record ->> '$.envelope.before.from' AS sender,
      CASE WHEN instr(dialogue ->> '$[0][3]', '<' || (record ->> '$.envelope.before.from') || '>') > 0
        THEN upper(substr(dialogue ->> '$[0][3]',
          instr(dialogue ->> '$[0][3]', '<' || (record ->> '$.envelope.before.from') || '>')
          + length(record ->> '$.envelope.before.from') + 2))
        ELSE '' END AS parameters
    FROM transactions ORDER BY number
  );`;
