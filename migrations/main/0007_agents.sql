-- Adds the lists over all runs of agents and what they wait for, and the book of the example agent.
-- The lists are copies: a run's truth is the journal in its Durable Object. `version` is the run's; a copy is
-- only replaced by a newer one. Times are epoch milliseconds, JSON columns are named in agent-tables.ts.
-- Back: DROP TABLE recorded_refunds; DROP TABLE agent_interrupts; DROP TABLE agent_runs;
CREATE TABLE agent_runs (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  thread_id TEXT NOT NULL,
  agent TEXT NOT NULL,
  status TEXT NOT NULL,
  step INTEGER NOT NULL,
  error TEXT,
  forked_from TEXT,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX agent_runs_by_time ON agent_runs (tenant_id, created_at DESC, id DESC);

CREATE TABLE agent_interrupts (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  agent TEXT NOT NULL,
  status TEXT NOT NULL,
  body TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX agent_interrupts_by_time ON agent_interrupts (tenant_id, status, created_at DESC, id DESC);

-- `asked` counts how often an entry was asked for: a refund that was sent twice shows here.
CREATE TABLE recorded_refunds (
  key TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  amount REAL NOT NULL,
  asked INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL
) STRICT;
