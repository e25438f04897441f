-- Adds how the files that come into a store are cut into passages, as JSON (null: along their structure, in our sizes). A
-- document keeps its own, as it was decided when it was attached.
-- Back: ALTER TABLE vector_stores DROP COLUMN chunking.
ALTER TABLE vector_stores ADD COLUMN chunking TEXT;
