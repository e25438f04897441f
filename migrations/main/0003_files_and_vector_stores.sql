-- Adds uploaded files, vector stores, their documents (a file in a store) and file batches. Times are epoch
-- milliseconds, `bytes` are bytes, JSON columns hold what the API was given.
-- Back: DROP TABLE documents; DROP TABLE file_batches; DROP TABLE vector_stores; DROP TABLE files;
CREATE TABLE files (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  filename TEXT NOT NULL,
  purpose TEXT NOT NULL,
  content_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  -- Set while the bytes are still coming in, and again from the moment of deletion: such a file is not there
  -- for anybody, and the sweeper removes what is left of it.
  hidden_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX files_by_tenant ON files (tenant_id, created_at, id) WHERE hidden_at IS NULL;
CREATE INDEX files_hidden ON files (hidden_at) WHERE hidden_at IS NOT NULL;
CREATE INDEX files_expiring ON files (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE vector_stores (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  metadata TEXT NOT NULL,
  -- Days after `last_active_at`; NULL never expires.
  expires_after_days INTEGER,
  created_at INTEGER NOT NULL,
  last_active_at INTEGER NOT NULL,
  removed_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX vector_stores_by_tenant ON vector_stores (tenant_id, created_at, id) WHERE removed_at IS NULL;
CREATE INDEX vector_stores_removed ON vector_stores (removed_at) WHERE removed_at IS NOT NULL;

CREATE TABLE file_batches (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  vector_store_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  cancelled_at INTEGER
) STRICT, WITHOUT ROWID;

-- One attachment of a file to a store, with one way of chunking and one embedding model all its life. Another
-- attachment of the same file is another row; the old one stays, removed, until all it left is gone.
CREATE TABLE documents (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  -- Whose key pays for the embeddings.
  key_id TEXT NOT NULL,
  vector_store_id TEXT NOT NULL,
  file_id TEXT NOT NULL,
  batch_id TEXT,
  status TEXT NOT NULL CHECK (status IN ('in_progress', 'completed', 'failed', 'cancelled')),
  stage TEXT NOT NULL CHECK (stage IN ('queued', 'parsing', 'indexing', 'embedding', 'settling', 'ready')),
  attributes TEXT NOT NULL,
  chunking TEXT NOT NULL,
  -- Names the passages in both indexes; NULL while nothing was written to them, and after all was taken out.
  generation TEXT,
  blocks INTEGER NOT NULL DEFAULT 0,
  passages INTEGER NOT NULL DEFAULT 0,
  embedded INTEGER NOT NULL DEFAULT 0,
  usage_bytes INTEGER NOT NULL DEFAULT 0,
  -- Completed with full text alone: no embedding model could be had.
  without_vectors INTEGER NOT NULL DEFAULT 0,
  -- What holds it up now, in words; shown as progress. `trouble_since` is when it began.
  trouble TEXT,
  trouble_since INTEGER,
  settling_since INTEGER,
  -- OpenAI's three codes, and ours, which are finer (needs_ocr, encrypted, too_large …).
  error_code TEXT,
  error_reason TEXT,
  error_message TEXT,
  -- Claims since the last step that got done.
  attempts INTEGER NOT NULL DEFAULT 0,
  lease TEXT,
  lease_until INTEGER NOT NULL DEFAULT 0,
  -- When the sweeper should put it on the queue again; NULL when nothing is left to do.
  due_at INTEGER,
  created_at INTEGER NOT NULL,
  removed_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX documents_present ON documents (vector_store_id, file_id) WHERE removed_at IS NULL;
CREATE INDEX documents_by_store ON documents (vector_store_id, created_at, file_id) WHERE removed_at IS NULL;
CREATE INDEX documents_counted ON documents (vector_store_id, status, usage_bytes) WHERE removed_at IS NULL;
CREATE INDEX documents_by_file ON documents (file_id);
CREATE INDEX documents_by_batch ON documents (batch_id, created_at, file_id) WHERE batch_id IS NOT NULL;
CREATE INDEX documents_due ON documents (due_at) WHERE due_at IS NOT NULL;
