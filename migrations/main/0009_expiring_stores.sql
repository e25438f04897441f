-- Lets vector stores expire: from `expired_at` on a store takes no files and no questions, and its documents go.
-- The index is what the sweeper asks: the next store whose days are over.
-- Back: DROP INDEX vector_stores_expiring; ALTER TABLE vector_stores DROP COLUMN expired_at;
ALTER TABLE vector_stores ADD COLUMN expired_at INTEGER;

CREATE INDEX vector_stores_expiring ON vector_stores (last_active_at + expires_after_days * 86400000)
  WHERE expires_after_days IS NOT NULL AND expired_at IS NULL AND removed_at IS NULL;
