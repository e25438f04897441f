-- The product's tables are without the example's: 0011_example_refunds.sql has made it a table of its own. Until the new
-- Worker is up, a run of the example tries again.
-- Back: CREATE TABLE recorded_refunds (key TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, order_id TEXT NOT NULL,
--   amount REAL NOT NULL, asked INTEGER NOT NULL, recorded_at INTEGER NOT NULL) STRICT;
DROP TABLE recorded_refunds;
