-- Adds stored answers: what GET /v1/responses/{id} shows and what the next turn of a conversation continues from.
-- `turn` is the messages that this turn added, the model's own included; `body` is the response object as it was sent.
-- Back: DROP TABLE responses;
CREATE TABLE responses (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  previous_id TEXT,
  trace_id TEXT NOT NULL,
  model TEXT NOT NULL,
  prompt_version TEXT,
  question TEXT NOT NULL,
  answer TEXT NOT NULL,
  turn TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX responses_by_tenant ON responses (tenant_id, created_at, id);
CREATE INDEX responses_by_trace ON responses (tenant_id, trace_id);
