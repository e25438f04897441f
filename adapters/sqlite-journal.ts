import type {
  Change,
  EffectRecord,
  InterruptRecord,
  Journal,
  RunRecord,
  StepRecord,
} from '../core/agent/journal.ts';
import { freezeJson, type State } from '../core/agent/json.ts';
import { asId, type RunId } from '../core/identifier.ts';

/**
 * The journal in SQLite. The port is the shape that a Durable Object's storage and `node:sqlite` share, so that
 * the same statements run in both.
 *
 * A step is one row. The parent pointer stands on the run (`origin`), because a step's parent is the step
 * before it except where a run was forked: a fork costs one row, and no row of the first run is touched.
 */
export interface SqlPort {
  /** Has happened when it returns, whether its rows are read or not. */
  exec(query: string, ...bindings: readonly SqlValue[]): Iterable<Readonly<Record<string, unknown>>>;
  /** All of its writes or none; what it throws goes on to the caller. */
  transaction<T>(work: () => T): T;
  /** Sets the one alarm, or takes it away; inside a transaction it is part of it. */
  wake(at: number | null): void;
}

export type SqlValue = string | number | null;

/**
 * Natural keys and no further index: every index is a further row that is written and paid for. Columns are
 * what is looked up by; the rest of a record is its JSON.
 */
const tables = [
  'CREATE TABLE runs (id TEXT PRIMARY KEY, wake_at INTEGER, body TEXT NOT NULL) STRICT, WITHOUT ROWID',
  `CREATE TABLE steps (
    run_id TEXT, step INTEGER, node TEXT NOT NULL, write TEXT NOT NULL, next TEXT, at INTEGER NOT NULL,
    PRIMARY KEY (run_id, step)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE effects (
    run_id TEXT, step INTEGER, name TEXT, at INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (run_id, step, name)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE interrupts (
    run_id TEXT, step INTEGER, id TEXT, at INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (run_id, step, id)
  ) STRICT, WITHOUT ROWID`,
];

const LAST_STEP = Number.MAX_SAFE_INTEGER;

export function sqliteJournal(port: SqlPort): Journal {
  // An object that never held a run has no tables, and reading must not make any: an empty object costs nothing.
  let ready = [...port.exec("SELECT 1 FROM sqlite_master WHERE name = 'runs'")].length > 0;

  const rows = (query: string, ...bindings: readonly SqlValue[]) =>
    ready ? [...port.exec(query, ...bindings)] : [];
  const bodies = <T>(query: string, ...bindings: readonly SqlValue[]): T[] =>
    rows(query, ...bindings).map((row) => JSON.parse(String(row.body)) as T);

  // The run is read before every step. This journal is the only writer, so what it wrote last is what is there.
  const known = new Map<RunId, RunRecord>();
  function run(id: RunId): RunRecord | null {
    const record = known.get(id) ?? bodies<RunRecord>('SELECT body FROM runs WHERE id = ?', id)[0];
    if (record === undefined) return null;
    known.set(id, freezeRun(record));
    return record;
  }

  function steps(id: RunId): StepRecord[] {
    const own = rows('SELECT * FROM steps WHERE run_id = ? ORDER BY step', id).map(toStep);
    const origin = run(id)?.origin ?? null;
    if (origin === null) return own;
    const shared = steps(origin.runId).slice(0, origin.step);
    const forked = shared.pop();
    if (forked === undefined) return own;
    const patch = origin.patch === null ? forked.patch : { ...forked.patch, ...origin.patch };
    return [...shared, { ...forked, patch, next: origin.next }, ...own];
  }

  /** Records of a run and, up to its fork, of the runs it came from. */
  function along<T>(table: string, id: RunId, from: number, to: number): readonly T[] {
    const query = `SELECT body FROM ${table} WHERE run_id = ? AND step BETWEEN ? AND ? ORDER BY step, at`;
    const own = bodies<T>(query, id, from, to);
    const origin = run(id)?.origin ?? null;
    if (origin === null || origin.step < from) return own;
    return [...along<T>(table, origin.runId, from, Math.min(to, origin.step)), ...own];
  }

  return {
    run,
    steps,
    effects: (id, from, to = LAST_STEP) => along<EffectRecord>('effects', id, from, to),
    interrupts: (id, from, to = LAST_STEP) => along<InterruptRecord>('interrupts', id, from, to),
    due: (now) => bodies<RunRecord>('SELECT body FROM runs WHERE wake_at <= ? ORDER BY wake_at, id', now),
    commit(changes) {
      port.transaction(() => {
        if (!ready) for (const table of tables) port.exec(table);
        for (const change of changes) write(port, change);
        if (changes.some(({ kind }) => kind === 'run')) rouse(port);
      });
      ready = true;
      for (const change of changes)
        if (change.kind === 'run') known.set(change.run.id, freezeRun(change.run));
    },
  };
}

function write(port: SqlPort, change: Change): void {
  switch (change.kind) {
    case 'run': {
      const { id, wakeAt } = change.run;
      port.exec('INSERT OR REPLACE INTO runs VALUES (?, ?, ?)', id, wakeAt, JSON.stringify(change.run));
      return;
    }
    case 'step': {
      const { runId, step, node, write, next, at } = change.step;
      port.exec(
        'INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?)',
        runId,
        step,
        node,
        JSON.stringify(write),
        next,
        at,
      );
      return;
    }
    case 'effect': {
      const { runId, step, name, at } = change.effect;
      const body = JSON.stringify(change.effect);
      port.exec('INSERT OR REPLACE INTO effects VALUES (?, ?, ?, ?, ?)', runId, step, name, at, body);
      return;
    }
    case 'interrupt': {
      const { runId, step, id, createdAt } = change.interrupt;
      const body = JSON.stringify(change.interrupt);
      port.exec('INSERT OR REPLACE INTO interrupts VALUES (?, ?, ?, ?, ?)', runId, step, id, createdAt, body);
      return;
    }
  }
}

function rouse(port: SqlPort): void {
  for (const { at } of port.exec('SELECT MIN(wake_at) AS at FROM runs')) {
    port.wake(at === null ? null : Number(at));
  }
}

/** What a node is given cannot be changed by it: the record stays what was written (AGT-5). */
const freezeRun = (run: RunRecord): RunRecord => ({
  ...run,
  input: freezeJson(run.input, 'input'),
  origin:
    run.origin === null || run.origin.patch === null
      ? run.origin
      : { ...run.origin, patch: freezeJson(run.origin.patch, 'state') },
});

const toStep = (row: Readonly<Record<string, unknown>>): StepRecord => ({
  runId: asId(String(row.run_id)),
  step: Number(row.step),
  node: String(row.node),
  write: JSON.parse(String(row.write)) as State,
  patch: null,
  next: row.next === null ? null : String(row.next),
  at: Number(row.at),
});
