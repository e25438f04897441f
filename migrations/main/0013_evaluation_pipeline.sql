-- An evaluation run says which model answered it and through which pipeline (core/pipeline.ts), so that the gate can
-- tell what has changed between two runs. Null: a run from before this migration, a model that the catalogue does not
-- have, or answers that came through more than one pipeline.
-- Back: ALTER TABLE evaluation_runs DROP COLUMN pipeline; ALTER TABLE evaluation_runs DROP COLUMN model;
ALTER TABLE evaluation_runs ADD COLUMN model TEXT;
ALTER TABLE evaluation_runs ADD COLUMN pipeline TEXT;
