-- Adds datasets and their cases, evaluation runs with one result a case, and feedback on answers.
-- A case without answers is one that the documents do not answer. `cost` is in picodollars.
-- Back: DROP TABLE feedback; DROP TABLE evaluation_results; DROP TABLE evaluation_runs; DROP TABLE dataset_cases;
--       DROP TABLE datasets;
CREATE TABLE datasets (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  name TEXT NOT NULL,
  hash TEXT NOT NULL,
  size INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX datasets_by_tenant ON datasets (tenant_id, created_at, id);

CREATE TABLE dataset_cases (
  tenant_id TEXT NOT NULL,
  dataset_id TEXT NOT NULL REFERENCES datasets (id),
  position INTEGER NOT NULL,
  id TEXT NOT NULL,
  question TEXT NOT NULL,
  answers TEXT NOT NULL,
  PRIMARY KEY (dataset_id, position),
  UNIQUE (dataset_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluation_runs (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  key_id TEXT NOT NULL,
  dataset_id TEXT NOT NULL REFERENCES datasets (id),
  prompt_id TEXT NOT NULL,
  prompt_version INTEGER NOT NULL,
  vector_store_ids TEXT NOT NULL,
  metrics TEXT NOT NULL,
  total INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'completed')),
  created_at INTEGER NOT NULL,
  completed_at INTEGER
) STRICT;

CREATE INDEX evaluation_runs_by_tenant ON evaluation_runs (tenant_id, created_at, id);
CREATE INDEX evaluation_runs_open ON evaluation_runs (created_at) WHERE status = 'running';

CREATE TABLE evaluation_results (
  tenant_id TEXT NOT NULL,
  run_id TEXT NOT NULL REFERENCES evaluation_runs (id),
  case_id TEXT NOT NULL,
  trace_id TEXT,
  answer TEXT,
  scores TEXT NOT NULL,
  milliseconds INTEGER,
  cost INTEGER NOT NULL,
  error TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (run_id, case_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE feedback (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  key_id TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  response_id TEXT,
  score REAL NOT NULL,
  comment TEXT,
  correction TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX feedback_by_tenant ON feedback (tenant_id, created_at, id);
