-- An evaluation run says what each of its metrics meant when it scored, so that the gate refuses to compare scores of
-- different definitions, whatever code answers for them later. '{}': a run from before this migration. Null for a metric:
-- its cases were scored by more than one definition.
-- Back: ALTER TABLE evaluation_runs DROP COLUMN definitions;
ALTER TABLE evaluation_runs ADD COLUMN definitions TEXT NOT NULL DEFAULT '{}';
