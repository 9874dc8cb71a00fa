/** Damage to the store's file, as a failing disk does it. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** Writes over the page on which a table's content begins. */
export function damageTable(file: string, table: string): void {
  const database = new DatabaseSync(file);
  const row = database
    .prepare('SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = ?')
    .get(table);
  database.close();
  const { rootpage, page_size } = z.object({ rootpage: z.int(), page_size: z.int() }).parse(row);
  const opened = openSync(file, 'r+');
  writeSync(opened, Buffer.alloc(page_size, 0xa5), 0, page_size, (rootpage - 1) * page_size);
  closeSync(opened);
}
