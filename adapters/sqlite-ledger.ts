import { type Balance, isoDay, type LedgerTable } from '../core/access/ledger.ts';
import { MINUTE } from '../core/clock.ts';
import { picodollars } from '../core/telemetry/money.ts';
import type { SqlPort, SqlValue } from './sqlite-journal.ts';

const tables = [
  'CREATE TABLE IF NOT EXISTS spent (day TEXT PRIMARY KEY, amount INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS reserved (id TEXT PRIMARY KEY, amount INTEGER NOT NULL, at INTEGER NOT NULL)',
  'CREATE TABLE IF NOT EXISTS recent (id TEXT PRIMARY KEY, at INTEGER NOT NULL, tokens INTEGER NOT NULL)',
];

/** A key's ledger in SQLite: the storage of a Durable Object, or `node:sqlite`. Tables come with the first write. */
export function sqliteLedger(port: SqlPort): LedgerTable {
  let ready = [...port.exec("SELECT 1 FROM sqlite_master WHERE name = 'spent'")].length > 0;
  const rows = (query: string, ...bindings: readonly SqlValue[]) =>
    ready ? [...port.exec(query, ...bindings)] : [];
  const write = (query: string, ...bindings: readonly SqlValue[]) => {
    if (!ready) for (const table of tables) port.exec(table);
    ready = true;
    return [...port.exec(query, ...bindings)];
  };
  return {
    atomically(work) {
      const before = ready;
      try {
        return port.transaction(work);
      } catch (error) {
        ready = before;
        throw error;
      }
    },
    balance: (now) => balance(rows, now),
    reservedBefore: (at) =>
      rows('SELECT id, amount FROM reserved WHERE at <= ? ORDER BY at, id', at).map(({ id, amount }) => ({
        id: String(id),
        amount: picodollars(Number(amount)),
      })),
    oldestReservation() {
      const at = rows('SELECT min(at) AS at FROM reserved')[0]?.at ?? null;
      return at === null ? null : Number(at);
    },
    hold: (id, amount, at) =>
      void write(
        'INSERT INTO reserved VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET amount = amount + excluded.amount',
        id,
        amount,
        at,
      ),
    release(id) {
      const [row] = rows('DELETE FROM reserved WHERE id = ? RETURNING amount', id);
      return row === undefined ? null : picodollars(Number(row.amount));
    },
    spend: (amount, at) =>
      void write(
        'INSERT INTO spent VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET amount = amount + excluded.amount',
        isoDay(at),
        amount,
      ),
    count: (id, at) => void write('INSERT INTO recent VALUES (?, ?, 0)', id, at),
    countTokens: (id, tokens) => void rows('UPDATE recent SET tokens = ? WHERE id = ?', tokens, id),
    forgetCounted: (before) => void rows('DELETE FROM recent WHERE at <= ?', before),
    wake: (at) => port.wake(at),
  };
}

function balance(rows: (query: string, ...bindings: SqlValue[]) => Row[], now: number): Balance {
  const day = isoDay(now);
  const [spent] = rows(
    `SELECT sum(amount) FILTER (WHERE day = ?1) AS day, sum(amount) FILTER (WHERE day >= ?2) AS month,
       sum(amount) AS total FROM spent`,
    day,
    `${day.slice(0, 7)}-01`,
  );
  const [held] = rows('SELECT sum(amount) AS amount FROM reserved');
  const [recent] = rows(
    'SELECT count(*) AS requests, sum(tokens) AS tokens, min(at) AS oldest FROM recent WHERE at > ?',
    now - MINUTE,
  );
  return {
    day: picodollars(Number(spent?.day ?? 0)),
    month: picodollars(Number(spent?.month ?? 0)),
    total: picodollars(Number(spent?.total ?? 0)),
    reserved: picodollars(Number(held?.amount ?? 0)),
    requests: Number(recent?.requests ?? 0),
    tokens: Number(recent?.tokens ?? 0),
    oldestRequestAt: recent?.oldest == null ? null : Number(recent.oldest),
  };
}

type Row = Readonly<Record<string, unknown>>;
