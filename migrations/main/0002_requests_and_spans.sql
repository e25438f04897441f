-- Adds one row a request and one row a span. `cost` is in picodollars (1e-12 USD), times are epoch milliseconds.
-- Back: DROP TABLE spans; DROP TABLE requests;
CREATE TABLE requests (
  trace_id TEXT PRIMARY KEY,
  request_id TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  route TEXT NOT NULL,
  status INTEGER NOT NULL,
  prompt_version TEXT,
  models TEXT NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  prices TEXT NOT NULL,
  time_to_first_token INTEGER,
  duration INTEGER NOT NULL,
  stages TEXT NOT NULL,
  error TEXT,
  started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX requests_by_time ON requests (tenant_id, started_at DESC);

CREATE TABLE spans (
  trace_id TEXT NOT NULL,
  span_id TEXT NOT NULL,
  parent_id TEXT,
  tenant_id TEXT NOT NULL,
  name TEXT NOT NULL,
  stage TEXT,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  attributes TEXT NOT NULL,
  model TEXT,
  operation TEXT,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  error TEXT,
  PRIMARY KEY (trace_id, span_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX spans_by_time ON spans (tenant_id, started_at);
