-- The book of `example-refund` becomes the example's own: nothing of the product reads it. Without the example, delete
-- this file before the first deployment, or run DROP TABLE example_refunds; no later migration names the table.
-- `asked` counts how often an entry was asked for: a refund that was sent twice shows here.
-- Back: DROP TABLE example_refunds;
CREATE TABLE example_refunds (
  key TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  amount REAL NOT NULL,
  asked INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL
) STRICT;

INSERT INTO example_refunds SELECT key, tenant_id, order_id, amount, asked, recorded_at FROM recorded_refunds;
