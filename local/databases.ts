import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { D1Database, D1PreparedStatement } from '@cloudflare/workers-types';
import { getPlatformProxy, unstable_splitSqlQuery as splitStatements } from 'wrangler';
import { z } from 'zod';
import { errorMessage } from '../core/error-message.ts';
import { localKey } from './state.ts';

const localTenant = 'tenant_local';
const everyScope = ['read', 'write', 'agents', 'evals', 'admin'];

const accountSchema = z.object({
  compatibility_date: z.string(),
  d1_databases: z.array(z.looseObject({ binding: z.string(), migrations_dir: z.string() })),
});

/**
 * Brings the local databases up to date before the Worker sees them: applies the migrations that are not
 * recorded yet (in wrangler's own table, so that `wrangler d1 migrations list --local` agrees), and writes the
 * local tenant and its key.
 *
 * @param account the local account's configuration file. @param state folder that `wrangler dev` persists to.
 */
export async function prepareDatabases(account: string, state: string): Promise<void> {
  const { compatibility_date, d1_databases } = accountSchema.parse(
    JSON.parse(await readFile(account, 'utf8')),
  );
  await mkdir(state, { recursive: true });
  // Only the databases: the account's own configuration also binds the Worker, which is not built yet.
  const configPath = join(state, 'databases.json');
  await writeFile(configPath, JSON.stringify({ name: 'selvedge-local', compatibility_date, d1_databases }));
  const platform = await getPlatformProxy<Record<string, D1Database>>({
    configPath,
    persist: { path: join(state, 'v3') },
    remoteBindings: false,
  });
  try {
    for (const { binding, migrations_dir } of d1_databases) {
      const database = platform.env[binding];
      if (database === undefined) throw new Error(`wrangler gave no database for ${binding}.`);
      await migrate(database, migrations_dir);
      if (binding === 'DB') await seedKey(database);
    }
  } finally {
    await platform.dispose();
  }
}

async function migrate(database: D1Database, folder: string): Promise<void> {
  await database
    .prepare(
      'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
    )
    .run();
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  const applied = new Set(results.map((row) => row.name));
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  for (const name of files.filter((file) => !applied.has(file))) {
    const sql = await readFile(join(folder, name), 'utf8');
    const statements: D1PreparedStatement[] = splitStatements(sql).map((text) => database.prepare(text));
    statements.push(database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name));
    try {
      await database.batch(statements);
    } catch (error) {
      throw new Error(`The migration ${name} failed: ${errorMessage(error)}`, {
        cause: error,
      });
    }
  }
}

/** LOC-7. The local key is there after every start, with every scope, whatever was done to it before. */
async function seedKey(database: D1Database): Promise<void> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(localKey));
  await database.batch([
    database
      .prepare("INSERT OR IGNORE INTO tenants (id, name, created_at) VALUES (?, 'Local', ?)")
      .bind(localTenant, Date.now()),
    database
      .prepare(
        `INSERT INTO keys (id, tenant_id, name, hash, scopes, budgets, rates, created_at)
         VALUES ('key_local', ?, 'Local key', ?, ?, '{}', '{}', ?)
         ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, scopes = excluded.scopes, revoked_at = NULL`,
      )
      .bind(localTenant, Buffer.from(digest).toString('hex'), JSON.stringify(everyScope), Date.now()),
  ]);
}
