import { DatabaseSync } from 'node:sqlite';
import type { TestCollection } from './test-collection.ts';

/**
 * The floor that full text has to hold: SQLite's FTS5 as it comes (title and text, `porter unicode61`, plain
 * `bm25()`, the OR of the question's distinct words), with none of our code in it.
 */
export function floorRankings(collection: TestCollection): ReadonlyMap<string, readonly string[]> {
  const database = new DatabaseSync(':memory:');
  database.exec(`CREATE VIRTUAL TABLE t USING fts5(title, text, tokenize = 'porter unicode61'); BEGIN`);
  const insert = database.prepare('INSERT INTO t (rowid, title, text) VALUES (?, ?, ?)');
  for (const [index, { title, text }] of collection.documents.entries()) insert.run(index, title, text);
  database.exec('COMMIT');
  const search = database.prepare('SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 100');
  return new Map(
    collection.queries.map((query) => {
      const words = new Set(query.text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []);
      const found = words.size === 0 ? [] : search.all([...words].map((word) => `"${word}"`).join(' OR '));
      const ranked = found.flatMap((row) => collection.documents[Number(row.rowid)]?.id ?? []);
      return [query.id, ranked];
    }),
  );
}
