import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Rows of the D1 database that has `table`, read from the files of a service that is down. */
export async function rowsOf<Row>(state: string, table: string, query: string): Promise<readonly Row[]> {
  const names = await readdir(state, { recursive: true });
  for (const name of names.filter((one) => one.endsWith('.sqlite'))) {
    const database = new DatabaseSync(join(state, name), { readOnly: true });
    try {
      const found = database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').all(table);
      if (found.length > 0) return database.prepare(query).all() as unknown as Row[];
    } finally {
      database.close();
    }
  }
  throw new Error(`No table ${table} under ${state}`);
}
