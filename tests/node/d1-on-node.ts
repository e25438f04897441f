import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { errorMessage } from '../../core/error-message.ts';
import { newId, type TenantId } from '../../core/identifier.ts';

/**
 * `D1Database` over `node:sqlite`, so that the adapters of D1 and what the core does with them run in milliseconds.
 * It is SQLite with FTS5 as D1 is; what D1 adds and adapters rely on is here too: a batch is one transaction, a
 * statement binds at most 100 values and none above 2 MB, and an error is called `D1_ERROR: … : SQLITE_ERROR`.
 * What only D1 does (sessions, dumps, its own latency) is not.
 */
const MAX_BOUND = 100;
const MAX_VALUE_BYTES = 2_000_000;

export function d1OnNode(migrations: 'main' | 'search'): D1Database {
  const database = new DatabaseSync(':memory:');
  const folder = new URL(`../../migrations/${migrations}/`, import.meta.url);
  for (const name of readdirSync(folder).toSorted()) {
    if (name.endsWith('.sql')) database.exec(readFileSync(new URL(name, folder), 'utf8'));
  }
  return new NodeD1(database) as unknown as D1Database;
}

/** A tenant of its own in the main database, for the tables that refer to one. */
export async function tenantIn(main: D1Database): Promise<TenantId> {
  const tenantId = newId('tenant');
  await main.prepare("INSERT INTO tenants (id, name, created_at) VALUES (?, '', 0)").bind(tenantId).run();
  return tenantId;
}

class NodeD1 {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  prepare(query: string): NodeStatement {
    return new NodeStatement(this.#database, query, []);
  }

  async batch(statements: readonly NodeStatement[]): Promise<D1Result[]> {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const results = statements.map((statement) => statement.execute());
      this.#database.exec('COMMIT');
      return results;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  async exec(query: string): Promise<D1ExecResult> {
    asD1(() => this.#database.exec(query));
    return { count: query.split('\n').length, duration: 0 };
  }
}

class NodeStatement {
  readonly #database: DatabaseSync;
  readonly #query: string;
  readonly #bound: readonly SQLInputValue[];

  constructor(database: DatabaseSync, query: string, bound: readonly SQLInputValue[]) {
    this.#database = database;
    this.#query = query;
    this.#bound = bound;
  }

  bind(...values: readonly unknown[]): NodeStatement {
    return new NodeStatement(this.#database, this.#query, values.map(bindable));
  }

  execute(): D1Result<Record<string, unknown>> {
    return asD1(() => {
      if (this.#bound.length > MAX_BOUND) throw new Error('too many SQL variables');
      const before = this.#changes();
      const rows = this.#database.prepare(this.#query).all(...this.#bound);
      // Node's rows have no prototype; D1's are plain objects.
      const results = rows.map((row) => ({ ...row }));
      return {
        success: true,
        results,
        meta: { changes: this.#changes() - before } as D1Meta & Record<string, unknown>,
      };
    });
  }

  async all(): Promise<D1Result<Record<string, unknown>>> {
    return this.execute();
  }

  async run(): Promise<D1Result<Record<string, unknown>>> {
    return this.execute();
  }

  async first(column?: string): Promise<unknown> {
    const row = this.execute().results[0];
    if (row === undefined) return null;
    return column === undefined ? row : (row[column] ?? null);
  }

  /** Rows as arrays: two columns of one name stay two. */
  async raw(): Promise<unknown[][]> {
    return asD1(() => {
      const statement = this.#database.prepare(this.#query);
      statement.setReturnArrays(true);
      return statement.all(...this.#bound) as unknown as unknown[][];
    });
  }

  #changes(): number {
    return Number(this.#database.prepare('SELECT total_changes() AS n').get()?.n);
  }
}

function bindable(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string' && Buffer.byteLength(value) > MAX_VALUE_BYTES) {
    throw new Error('D1_ERROR: string or blob too big: SQLITE_TOOBIG');
  }
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  if (value instanceof Uint8Array) return value;
  throw new Error(`D1_TYPE_ERROR: Type '${typeof value}' not supported for value '${String(value)}'`);
}

function asD1<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const message = errorMessage(cause);
    throw new Error(`D1_ERROR: ${message}: SQLITE_ERROR`, { cause });
  }
}
