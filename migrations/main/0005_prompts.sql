-- Adds prompts: immutable numbered versions, and labels that point to them. `content` is the version as
-- canonical JSON, `hash` its SHA-256. A tenant's `default` has no rows until the tenant writes one.
-- Back: DROP TABLE prompt_labels; DROP TABLE prompt_versions;
CREATE TABLE prompt_versions (
  tenant_id TEXT NOT NULL,
  prompt_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  hash TEXT NOT NULL,
  content TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, prompt_id, version),
  UNIQUE (tenant_id, prompt_id, hash)
) STRICT;

CREATE TABLE prompt_labels (
  tenant_id TEXT NOT NULL,
  prompt_id TEXT NOT NULL,
  label TEXT NOT NULL,
  version INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, prompt_id, label),
  FOREIGN KEY (tenant_id, prompt_id, version) REFERENCES prompt_versions (tenant_id, prompt_id, version)
) STRICT, WITHOUT ROWID;
