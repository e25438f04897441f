-- What a key has spent stands in its ledger, which deletes nothing; nobody reads the sum of the requests that are gone.
-- Back: CREATE TABLE spent_before (key_id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, cost INTEGER NOT NULL) STRICT, WITHOUT ROWID;
DROP TABLE spent_before;
