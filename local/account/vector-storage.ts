import { DurableObject } from 'cloudflare:workers';
import { Best, VectorMatrix } from './vector-matrix.ts';
import { matcher } from './vectorize-filter.ts';
import type { VectorRow } from './vectorize-index.ts';

export interface Search {
  readonly vector: Float32Array<ArrayBuffer>;
  /** Left out: the whole index. */
  readonly namespace: string | undefined;
  readonly filter: VectorizeVectorMetadataFilter | undefined;
  readonly topK: number;
}

export interface StoredMatch {
  readonly row: VectorRow;
  readonly score: number;
}

type Metadata = NonNullable<VectorizeVector['metadata']>;

/**
 * One index: an accepted mutation is on disk before it is acknowledged, and becomes visible `delay` later.
 *
 * Invariants
 *  LOC-15 Mutations become visible in the order of acceptance, also when the delay was changed in between.
 *  LOC-16 No timer: whoever looks first applies what is due, so a kill loses and delays nothing.
 *  LOC-17 `vectors` and the matrices hold what is visible and nothing else; a matrix is a copy that may be dropped.
 */
export class VectorStorage extends DurableObject<unknown> {
  readonly #matrices = new Map<string, VectorMatrix<Metadata>>();
  readonly #sql = this.ctx.storage.sql;

  constructor(context: DurableObjectState, env: unknown) {
    super(context, env);
    const columns = 'namespace TEXT, vec BLOB, metadata TEXT, indexed TEXT';
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS vectors (id TEXT PRIMARY KEY, ${columns}) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS vectors_by_namespace ON vectors (namespace);
      CREATE TABLE IF NOT EXISTS mutations (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT, kind TEXT, visible_at INTEGER, applied INTEGER DEFAULT 0
      );
      CREATE TABLE IF NOT EXISTS changes (sequence INTEGER, id TEXT, ${columns});
      CREATE INDEX IF NOT EXISTS changes_by_mutation ON changes (sequence);
    `);
  }

  /** Takes vectors to write or ids to delete, and answers the mutation's id. `delay` is in milliseconds. */
  accept(
    kind: 'insert' | 'upsert' | 'delete',
    rows: readonly (VectorRow | Pick<VectorRow, 'id'>)[],
    delay: number,
  ): string {
    const mutation = crypto.randomUUID();
    this.ctx.storage.transactionSync(() => {
      const { sequence } = this.#sql
        .exec<{ sequence: number }>(
          `INSERT INTO mutations (id, kind, visible_at)
           VALUES (?, ?, max(?, (SELECT ifnull(max(visible_at), 0) FROM mutations))) RETURNING sequence`,
          mutation,
          kind,
          Date.now() + delay,
        )
        .one();
      for (const row of rows) {
        const { id, namespace, values, metadata, indexed } = { ...noVector, ...row };
        const statement = 'INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)';
        this.#sql.exec(statement, sequence, id, namespace, values?.buffer ?? null, metadata, indexed);
      }
    });
    this.#applyDue();
    return mutation;
  }

  search(search: Search): StoredMatch[] {
    this.#applyDue();
    const accepts = search.filter === undefined ? () => true : matcher(search.filter);
    const best = new Best(search.topK);
    for (const namespace of search.namespace === undefined ? this.#namespaces() : [search.namespace]) {
      this.#matrix(namespace, search.vector.length).search(search.vector, accepts, best);
    }
    return best.scored.flatMap(({ id, score }) => this.read([id]).map((row) => ({ row, score })));
  }

  /** The visible ones of these, in the order asked for. */
  read(ids: readonly string[]): VectorRow[] {
    this.#applyDue();
    return ids.flatMap((id) => [...this.#rows('WHERE id = ?', id)]);
  }

  info(): { readonly vectors: number; readonly mutation: string | null; readonly at: number | null } {
    this.#applyDue();
    const { vectors } = this.#sql.exec<{ vectors: number }>('SELECT count(*) AS vectors FROM vectors').one();
    const [last] = this.#sql
      .exec<{ id: string; visible_at: number }>(
        'SELECT id, visible_at FROM mutations WHERE applied = 1 ORDER BY sequence DESC LIMIT 1',
      )
      .toArray();
    return { vectors, mutation: last?.id ?? null, at: last?.visible_at ?? null };
  }

  #applyDue(): void {
    const due = this.#sql
      .exec<{ sequence: number; kind: 'insert' | 'upsert' | 'delete' }>(
        'SELECT sequence, kind FROM mutations WHERE applied = 0 AND visible_at <= ? ORDER BY sequence',
        Date.now(),
      )
      .toArray();
    for (const { sequence, kind } of due) this.#apply(sequence, kind);
  }

  #apply(sequence: number, kind: 'insert' | 'upsert' | 'delete'): void {
    const touched = 'WHERE id IN (SELECT id FROM changes WHERE sequence = ?)';
    const before = this.#sql
      .exec<{ id: string; namespace: string }>(`SELECT id, namespace FROM vectors ${touched}`, sequence)
      .toArray();
    this.ctx.storage.transactionSync(() => {
      if (kind === 'delete') this.#sql.exec(`DELETE FROM vectors ${touched}`, sequence);
      else {
        this.#sql.exec(
          `INSERT OR ${kind === 'insert' ? 'IGNORE' : 'REPLACE'} INTO vectors
           SELECT id, namespace, vec, metadata, indexed FROM changes WHERE sequence = ? ORDER BY rowid`,
          sequence,
        );
      }
      this.#sql.exec('UPDATE mutations SET applied = 1 WHERE sequence = ?', sequence);
    });
    for (const { id, namespace } of before) this.#matrices.get(namespace)?.remove(id);
    for (const row of this.#rows(touched, sequence)) {
      this.#matrices.get(row.namespace)?.put(row.id, row.values, JSON.parse(row.indexed));
    }
    this.#sql.exec('DELETE FROM changes WHERE sequence = ?', sequence);
    this.#sql.exec('DELETE FROM mutations WHERE sequence < ? AND applied = 1', sequence);
  }

  #matrix(namespace: string, dimensions: number): VectorMatrix<Metadata> {
    const held = this.#matrices.get(namespace);
    if (held !== undefined) return held;
    const { rows } = this.#sql
      .exec<{ rows: number }>('SELECT count(*) AS rows FROM vectors WHERE namespace = ?', namespace)
      .one();
    const matrix = new VectorMatrix<Metadata>(dimensions, rows);
    for (const row of this.#rows('WHERE namespace = ?', namespace)) {
      matrix.put(row.id, row.values, JSON.parse(row.indexed));
    }
    this.#matrices.set(namespace, matrix);
    return matrix;
  }

  #namespaces(): string[] {
    const rows = this.#sql.exec<{ namespace: string }>('SELECT DISTINCT namespace FROM vectors').toArray();
    return rows.map((row) => row.namespace);
  }

  *#rows(where: string, bound: string | number): Generator<VectorRow> {
    const rows = this.#sql.exec<{
      id: string;
      namespace: string;
      vec: ArrayBuffer;
      metadata: string | null;
      indexed: string;
    }>(`SELECT * FROM vectors ${where}`, bound);
    for (const { vec, ...row } of rows) yield { ...row, values: new Float32Array(vec) };
  }
}

/** What a deletion leaves empty in `changes`. */
const noVector = { namespace: null, values: null, metadata: null, indexed: null };
