import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Changes the D1 database that has `table`, in the files of a service that is down. */
export async function changeDatabase(state: string, table: string, statement: string): Promise<void> {
  const names = await readdir(join(state, 'v3', 'd1'), { recursive: true });
  for (const name of names.filter((one) => one.endsWith('.sqlite'))) {
    const database = new DatabaseSync(join(state, 'v3', 'd1', name));
    try {
      const found = database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').all(table);
      if (found.length === 0) continue;
      database.exec(statement);
      return;
    } finally {
      database.close();
    }
  }
  throw new Error(`No table ${table} under ${state}`);
}
