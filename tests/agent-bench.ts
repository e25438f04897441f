import { DatabaseSync } from 'node:sqlite';
import { sqliteJournal } from '../adapters/sqlite-journal.ts';
import { emptyBalance } from '../core/access/ledger.ts';
import { type DriveDependencies, drive } from '../core/agent/drive.ts';
import type { Agent } from '../core/agent/graph.ts';
import { type HistoryEntry, readHistory } from '../core/agent/history.ts';
import { answerInterrupt, type GivenAnswer } from '../core/agent/interrupt.ts';
import type { InterruptRecord, RunRecord } from '../core/agent/journal.ts';
import type { State } from '../core/agent/json.ts';
import { readRun, startRun } from '../core/agent/run.ts';
import { asId, type KeyId, type RunId, systemRandom, type TenantId } from '../core/identifier.ts';
import { sqlPortOnNode } from './sql-port-on-node.ts';
import { unlimitedKeys } from './unlimited-keys.ts';

const by = { tenantId: asId<TenantId>('tenant_bench'), keyId: asId<KeyId>('key_bench') };

/**
 * Agents without a platform: the journal in `node:sqlite`, a clock that is moved by hand, and a person who
 * answers at once. `fault` is called before each write of the journal; what it throws is a crash: the
 * transaction is rolled back, and `reopen` is the next process.
 */
export class AgentBench {
  readonly #database = new DatabaseSync(':memory:');
  readonly #fault: () => void;
  readonly agent: Agent;
  readonly reported: unknown[] = [];
  /** How many statements the journal has run. */
  statements = 0;
  now = 1_000_000;
  deps: DriveDependencies;

  constructor(agent: Agent, fault: () => void = () => undefined) {
    this.agent = agent;
    this.#fault = fault;
    this.deps = this.reopen();
  }

  reopen(): DriveDependencies {
    this.deps = {
      journal: sqliteJournal(
        sqlPortOnNode(this.#database, (query) => {
          this.statements += 1;
          if (!query.startsWith('SELECT')) this.#fault();
        }),
      ),
      agents: new Map([[this.agent.name, this.agent]]),
      clock: () => this.now,
      random: systemRandom,
      requests: { write: async () => undefined },
      keys: unlimitedKeys,
      ledger: {
        reserve: async () => ({ id: 'reservation' }),
        extend: async () => null,
        settle: async () => undefined,
        charge: async () => undefined,
        balance: async () => emptyBalance,
      },
      report: (error) => this.reported.push(error),
      signal: new AbortController().signal,
    };
    return this.deps;
  }

  start(input: State, id = asId<RunId>(`run_${'0'.repeat(32)}`)): RunId {
    startRun(this.deps, { id, ...by, agent: this.agent.name, threadId: 'bench', input });
    return id;
  }

  /** One alarm at the time that the journal asks for. */
  async alarm(): Promise<void> {
    for (const run of this.deps.journal.due(Number.MAX_SAFE_INTEGER)) {
      this.now = Math.max(this.now, run.wakeAt ?? 0);
      if (run.status === 'running') await drive(this.deps, run);
    }
  }

  /** Drives the run, asking `person` whatever it asks, until it has ended. */
  async finish(id: RunId, person: (interrupt: InterruptRecord) => GivenAnswer): Promise<RunRecord> {
    for (;;) {
      await this.alarm();
      const run = this.run(id);
      if (run.status !== 'running' && run.status !== 'interrupted') return run;
      for (const interrupt of this.waiting(id)) this.answer(interrupt, person(interrupt));
    }
  }

  run(id: RunId): RunRecord {
    return readRun(this.deps, by.tenantId, id).run;
  }

  history(id: RunId): readonly HistoryEntry[] {
    const all = { limit: Number.MAX_SAFE_INTEGER, after: null, order: 'asc' } as const;
    return readHistory(this.deps, by.tenantId, id, all).entries;
  }

  waiting(id: RunId): readonly InterruptRecord[] {
    const { waiting } = readRun(this.deps, by.tenantId, id);
    return this.deps.journal.interrupts(id, 0).filter((interrupt) => waiting.includes(interrupt.id));
  }

  answer(interrupt: InterruptRecord, given: GivenAnswer): void {
    answerInterrupt(this.deps, by, interrupt.id, given);
  }
}
