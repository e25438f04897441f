-- Adds the searchable form of documents: what filters ask about (`documents`) and what is found and quoted
-- (`passages`). Everything here can be rebuilt from the main database and R2.
-- The full text itself stands in one FTS5 table a vector store, `fts_<store id>`, made on the store's first write
-- by `adapters/d1-passages.ts` and dropped with its last document.
-- Back: DROP TABLE passages; DROP TABLE documents; and DROP TABLE for every table named `fts_vs_…`.
CREATE TABLE documents (
  tenant_id TEXT NOT NULL,
  vector_store_id TEXT NOT NULL,
  file_id TEXT NOT NULL,
  filename TEXT NOT NULL,
  -- A flat JSON object of strings, numbers and booleans.
  attributes TEXT NOT NULL,
  PRIMARY KEY (tenant_id, vector_store_id, file_id)
) STRICT, WITHOUT ROWID;

-- `number` is the row's id in the store's FTS5 table, so it must be a column of its own: VACUUM renumbers bare rowids.
CREATE TABLE passages (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  vector_store_id TEXT NOT NULL,
  file_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  -- Offsets into the file's parsed text, UTF-16 code units, end exclusive.
  start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL,
  page INTEGER,
  page_end INTEGER,
  UNIQUE (tenant_id, id)
) STRICT;

CREATE INDEX passages_by_document ON passages (tenant_id, vector_store_id, file_id);
