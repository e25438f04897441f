-- Lets old rows go. A request's row now says itself what each of its model calls took and cost, so that usage by
-- model and by stage outlives the spans; a trace's spans are found by the age of their root, one index row a trace
-- instead of one a span. `spent_before` holds what the requests that are gone have cost, a row a key, in picodollars.
-- Back: DROP TABLE spent_before; DROP INDEX spans_roots;
--       CREATE INDEX spans_by_time ON spans (tenant_id, started_at); ALTER TABLE requests DROP COLUMN calls;
ALTER TABLE requests ADD COLUMN calls TEXT NOT NULL DEFAULT '[]';

UPDATE requests SET calls = (
  SELECT json_group_array(json_object(
    'model', model, 'stage', stage, 'inputTokens', input_tokens, 'outputTokens', output_tokens,
    'cost', cost, 'duration', ended_at - started_at))
  FROM spans WHERE spans.trace_id = requests.trace_id AND model IS NOT NULL
);

DROP INDEX spans_by_time;
CREATE INDEX spans_roots ON spans (started_at) WHERE parent_id IS NULL;

CREATE TABLE spent_before (
  key_id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  cost INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
