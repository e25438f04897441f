import type { FileId, TenantId, VectorStoreId } from '../core/identifier.ts';
import type { PageBreak } from '../core/ingest/block.ts';
import type { FileAttributes, Filter } from '../core/retrieve/filter.ts';
import { distinctWords, spaced, wordsOfName } from '../core/retrieve/index-words.ts';
import type { PassageIndex } from '../core/retrieve/indexes.ts';
import type { Passage, RecognizedStretch } from '../core/retrieve/passage.ts';
import { type Condition, filterCondition } from './database/filter-condition.ts';

/**
 * Passages in D1: rows that are read and quoted, and one FTS5 table a vector store for BM25.
 *
 * A table of its own a store, because BM25 weighs a word by how rare it is in the whole table: in a shared one a
 * store's ranking would depend on other stores, and a tenant could measure what words others' documents hold.
 * The tables are contentless: they hold the index alone, the text stands once, in `passages`.
 * Lists of ids travel as one JSON array, since D1 binds at most 100 parameters a statement.
 * CROSS JOIN keeps the order of the tables: left to itself, a newer SQLite (Node's, on the same file) walks the
 * store's passages and asks the full text for each, 76 ms instead of .3 for 240 passages.
 */

/** A word is a letter, digit, mark or private-use run, as `core/retrieve/index-words.ts` has it; English stems. */
const TOKENIZER = "porter unicode61 remove_diacritics 2 categories 'L* N* Co M*'";

/** BM25 weights of title and text: measured, docs/decisions/040-full-text.md. */
const RANK = 'bm25(2.0, 1.0)';

/** More words than any measured question has (37); each costs a scan of its postings. */
const MAX_WORDS = 64;

/** One bound value may have 2 MB; a UTF-16 unit is at most 3 bytes of UTF-8, or 6 as a JSON escape. */
const MAX_UNITS_A_STATEMENT = 250_000;
const MAX_PASSAGES_A_STATEMENT = 500;

export function d1Passages(database: D1Database): PassageIndex {
  return {
    async write(tenantId, document, passages) {
      const { vectorStoreId, fileId, filename, attributes } = document;
      const table = fullTextTable(vectorStoreId);
      await database.batch([
        database.prepare(
          `CREATE VIRTUAL TABLE IF NOT EXISTS ${table} USING fts5(
             title, text, content = '', contentless_delete = 1, tokenize = "${TOKENIZER}")`,
        ),
        database
          .prepare(
            `INSERT INTO documents VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET filename = excluded.filename, attributes = excluded.attributes`,
          )
          .bind(tenantId, vectorStoreId, fileId, filename, JSON.stringify(attributes)),
      ]);
      for (const part of inParts(passages)) {
        await database.batch([
          database
            .prepare(
              `INSERT INTO passages
                 (id, tenant_id, vector_store_id, file_id, ordinal, title, text, start_offset, end_offset, page, page_end, page_breaks, recognized)
               SELECT p.value ->> 'id', ?, ?, ?, p.value ->> 'ordinal', p.value ->> 'title', p.value ->> 'text',
                 p.value ->> 'start', p.value ->> 'end', p.value ->> 'page', p.value ->> 'pageEnd', p.value ->> 'pageBreaks', p.value ->> 'recognized'
               FROM json_each(?) AS p WHERE true
               ON CONFLICT (tenant_id, id) DO UPDATE SET
                 ordinal = excluded.ordinal, title = excluded.title, text = excluded.text,
                 start_offset = excluded.start_offset, end_offset = excluded.end_offset,
                 page = excluded.page, page_end = excluded.page_end, page_breaks = excluded.page_breaks,
                 recognized = excluded.recognized`,
            )
            .bind(tenantId, vectorStoreId, fileId, JSON.stringify(part.map(({ passage }) => passage))),
          database
            .prepare(
              `INSERT OR REPLACE INTO ${table} (rowid, title, text)
               SELECT passages.number, w.value ->> 'title', w.value ->> 'text'
               FROM json_each(?) AS w
               CROSS JOIN passages ON passages.tenant_id = ? AND passages.id = w.value ->> 'id'`,
            )
            .bind(JSON.stringify(part.map(({ words }) => words)), tenantId),
        ]);
      }
    },

    async describe(tenantId, { vectorStoreId, fileId, filename, attributes }) {
      await database
        .prepare(
          `UPDATE documents SET filename = ?, attributes = ?
           WHERE tenant_id = ? AND vector_store_id = ? AND file_id = ?`,
        )
        .bind(filename, JSON.stringify(attributes), tenantId, vectorStoreId, fileId)
        .run();
    },

    async remove(tenantId, { vectorStoreId, fileId }, keep) {
      const table = fullTextTable(vectorStoreId);
      const ofDocument = 'tenant_id = ? AND vector_store_id = ? AND file_id = ?';
      const others = keep === undefined ? '' : ' AND instr(id, ?) = 0';
      const bound: string[] = [tenantId, vectorStoreId, fileId];
      if (keep !== undefined) bound.push(generationMark(keep.generation));
      const removal = database
        .prepare(`DELETE FROM passages WHERE ${ofDocument}${others} RETURNING id`)
        .bind(...bound);
      const words = database
        .prepare(
          `DELETE FROM ${table} WHERE rowid IN (SELECT number FROM passages WHERE ${ofDocument}${others})`,
        )
        .bind(...bound);
      const document = database
        .prepare(`DELETE FROM documents WHERE ${ofDocument}`)
        .bind(tenantId, vectorStoreId, fileId);
      const rows = keep === undefined ? [removal, document] : [removal];
      // Without a table there are no words to remove, but a `drop` that came in between may have left rows.
      const removed = await withTable(
        async () => (await database.batch<{ id: string }>([words, ...rows]))[1],
        async () => (await database.batch<{ id: string }>(rows))[0],
      );
      return removed?.results.map(({ id }) => id) ?? [];
    },

    async drop(tenantId, vectorStoreId) {
      const table = fullTextTable(vectorStoreId);
      const ofStore = 'tenant_id = ? AND vector_store_id = ?';
      const bound = (sql: string) => database.prepare(sql).bind(tenantId, vectorStoreId);
      const words = bound(
        `DELETE FROM ${table} WHERE rowid IN (SELECT number FROM passages WHERE ${ofStore})`,
      );
      const rows = [
        bound(`DELETE FROM passages WHERE ${ofStore} RETURNING id`),
        bound(`DELETE FROM documents WHERE ${ofStore}`),
      ];
      const removed = await withTable(
        async () => {
          const [, done] = await database.batch<{ id: string }>([words, ...rows]);
          // A tenantId that does not own the store has removed nothing, and must not take the table away either.
          const left = await database.prepare(`SELECT 1 FROM ${table} LIMIT 1`).first();
          if (left === null) await database.prepare(`DROP TABLE IF EXISTS ${table}`).run();
          return done;
        },
        async () => (await database.batch<{ id: string }>(rows))[0],
      );
      return removed?.results.map(({ id }) => id) ?? [];
    },

    async search(tenantId, question, range) {
      const words = distinctWords(question, MAX_WORDS);
      if (words.length === 0) return [];
      const query = words.map((word) => `"${word}"`).join(' OR ');
      const sides = await Promise.all(
        range.vectorStoreIds.map((vectorStoreId) =>
          searchStore(database, query, { ...range, tenantId, vectorStoreId }),
        ),
      );
      // Each store weighs words by its own statistics; between stores their scores are compared as they are.
      return sides
        .flat()
        .toSorted((a, b) => b.score - a.score)
        .slice(0, range.limit);
    },

    async read(tenantId, ids, range) {
      const condition = inRange(tenantId, range);
      const { results } = await database
        .prepare(
          `SELECT p.*, document.filename, document.attributes
           FROM json_each(?) AS wanted
           CROSS JOIN passages AS p ON p.tenant_id = ? AND p.id = wanted.value
           CROSS JOIN documents AS document USING (tenant_id, vector_store_id, file_id)
           WHERE ${condition.sql}`,
        )
        .bind(JSON.stringify(ids), tenantId, ...condition.bound)
        .all<PassageRow>();
      const found = new Map(results.map((row) => [row.id, toPassage(row)]));
      return ids.flatMap((id) => found.get(id) ?? []);
    },

    async files(tenantId, range) {
      const condition = inRange(tenantId, range);
      const { results } = await database
        .prepare(`SELECT DISTINCT file_id FROM documents AS document WHERE ${condition.sql} LIMIT ?`)
        .bind(...condition.bound, range.limit + 1)
        .all<{ file_id: FileId }>();
      return results.map((row) => row.file_id);
    },
  };
}

/** The only name that ever enters SQL as text; ids come out of our own database, and are checked all the same. */
function fullTextTable(vectorStoreId: VectorStoreId): string {
  if (!/^vs_[0-9a-f]+$/.test(vectorStoreId)) {
    throw new Error(`'${vectorStoreId}' is not the id of a vector store.`);
  }
  return `fts_${vectorStoreId}`;
}

/** How `passageId` writes a generation into an id. */
const generationMark = (generation: string): string => `:${generation.slice(0, 12)}:`;

/** A store has no table before its first document is written, and after its last `drop`. */
async function withTable<T>(work: () => Promise<T>, without: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.message.includes('no such table: fts_')) return without();
    throw error;
  }
}

/** A passage with its words as they are indexed: NFKC makes up to 18 letters of one. */
interface Written {
  readonly passage: Passage;
  readonly words: { readonly id: string; readonly title: string; readonly text: string };
}

const withWords = (passage: Passage): Written => ({
  passage,
  words: {
    id: passage.id,
    title: spaced(`${wordsOfName(passage.filename)} ${passage.title}`),
    text: spaced(passage.text),
  },
});

const unitsOf = ({ passage, words }: Written): number =>
  Math.max(passage.title.length + passage.text.length, words.title.length + words.text.length);

function* inParts(passages: readonly Passage[]): Generator<readonly Written[]> {
  let part: Written[] = [];
  let units = 0;
  for (const passage of passages) {
    const written = withWords(passage);
    const size = unitsOf(written);
    const full = units + size > MAX_UNITS_A_STATEMENT || part.length === MAX_PASSAGES_A_STATEMENT;
    if (full && part.length > 0) {
      yield part;
      part = [];
      units = 0;
    }
    part.push(written);
    units += size;
  }
  if (part.length > 0) yield part;
}

interface StoreSearch {
  readonly tenantId: TenantId;
  readonly vectorStoreId: VectorStoreId;
  readonly filter: Filter | null;
  readonly limit: number;
}

/** FTS5's rank is lower for a better match; it is negated here and nowhere else. */
async function searchStore(database: D1Database, query: string, search: StoreSearch) {
  const table = fullTextTable(search.vectorStoreId);
  const condition = filterCondition(search.filter);
  const statement = database
    .prepare(
      `SELECT p.id, -words.rank AS score
       FROM ${table} AS words
       CROSS JOIN passages AS p ON p.number = words.rowid
       CROSS JOIN documents AS document USING (tenant_id, vector_store_id, file_id)
       WHERE words.${table} MATCH ? AND words.rank MATCH '${RANK}'
         AND p.tenant_id = ? AND p.vector_store_id = ? AND ${condition.sql}
       ORDER BY words.rank LIMIT ?`,
    )
    .bind(query, search.tenantId, search.vectorStoreId, ...condition.bound, search.limit);
  const results = await withTable(
    async () => (await statement.all<{ id: string; score: number }>()).results,
    async () => [],
  );
  return results.map(({ id, score }) => ({ passageId: id, score }));
}

function inRange(
  tenantId: TenantId,
  range: { readonly vectorStoreIds: readonly VectorStoreId[]; readonly filter: Filter | null },
): Condition {
  const filter = filterCondition(range.filter);
  return {
    sql: `document.tenant_id = ? AND document.vector_store_id IN (SELECT value FROM json_each(?)) AND ${filter.sql}`,
    bound: [tenantId, JSON.stringify(range.vectorStoreIds), ...filter.bound],
  };
}

interface PassageRow {
  readonly id: string;
  readonly vector_store_id: VectorStoreId;
  readonly file_id: FileId;
  readonly filename: string;
  readonly attributes: string;
  readonly ordinal: number;
  readonly title: string;
  readonly text: string;
  readonly start_offset: number;
  readonly end_offset: number;
  readonly page: number | null;
  readonly page_end: number | null;
  readonly page_breaks: string | null;
  readonly recognized: string | null;
}

const toPassage = (row: PassageRow): Passage & { readonly attributes: FileAttributes } => ({
  id: row.id,
  vectorStoreId: row.vector_store_id,
  fileId: row.file_id,
  filename: row.filename,
  ordinal: row.ordinal,
  title: row.title,
  text: row.text,
  start: row.start_offset,
  end: row.end_offset,
  page: row.page,
  pageEnd: row.page_end,
  pageBreaks: row.page_breaks === null ? null : (JSON.parse(row.page_breaks) as readonly PageBreak[]),
  ...(row.recognized === null
    ? {}
    : { recognized: JSON.parse(row.recognized) as readonly RecognizedStretch[] }),
  attributes: JSON.parse(row.attributes) as FileAttributes,
});
