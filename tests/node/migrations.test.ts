import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';

const folder = 'migrations/main';
const names = readdirSync(folder).toSorted();

function migrate(database: DatabaseSync, wanted: readonly string[]): void {
  for (const name of wanted) database.exec(readFileSync(join(folder, name), 'utf8'));
}

test('0014 tells why a document waits from what of it could not be read', () => {
  const database = new DatabaseSync(':memory:');
  migrate(
    database,
    names.filter((name) => name < '0014'),
  );
  const document = database.prepare(
    `INSERT INTO documents (id, tenant_id, key_id, vector_store_id, file_id, status, stage, attributes, chunking,
       created_at, trouble, trouble_since)
     VALUES (?, 'tenant', 'key', 'vs', ?1, 'completed', 'ready', '{}', '{}', 0, ?, ?)`,
  );
  document.run('doc_1', 'Not read: 1 page(s) without text (2).', null);
  document.run('doc_2', 'Waiting for the embedding model, next try in 7 s.', 5);
  document.run('doc_3', null, null);
  migrate(
    database,
    names.filter((name) => name >= '0014'),
  );
  const rows = database.prepare('SELECT waiting_for, waiting_since, unread FROM documents ORDER BY id').all();
  expect(rows).toEqual([
    { waiting_for: null, waiting_since: null, unread: 'Not read: 1 page(s) without text (2).' },
    { waiting_for: 'Waiting for the embedding model, next try in 7 s.', waiting_since: 5, unread: null },
    { waiting_for: null, waiting_since: null, unread: null },
  ]);
});
