import {
  type Balance,
  type Charged,
  isoDay,
  type LedgerTable,
  type Reservation,
  type ReservedWork,
} from '../core/access/ledger.ts';
import { MINUTE } from '../core/clock.ts';
import { picodollars } from '../core/telemetry/money.ts';
import { sumOfMoney } from './database/sum-of-money.ts';
import type { SqlPort, SqlValue } from './sqlite-journal.ts';

const tables = [
  'CREATE TABLE IF NOT EXISTS spent (day TEXT PRIMARY KEY, amount INTEGER NOT NULL) WITHOUT ROWID',
  `CREATE TABLE IF NOT EXISTS reserved (
    id TEXT PRIMARY KEY, amount INTEGER NOT NULL, at INTEGER NOT NULL, work TEXT, charged_on TEXT
  )`,
  `CREATE TABLE IF NOT EXISTS counted (
    id TEXT PRIMARY KEY, at INTEGER NOT NULL, requests INTEGER NOT NULL, tokens INTEGER NOT NULL
  )`,
];

/** An object from before a reservation said what it is for. What it counted is a minute old at most. */
const upgrade = [
  'ALTER TABLE reserved ADD COLUMN work TEXT',
  'ALTER TABLE reserved ADD COLUMN charged_on TEXT',
  'DROP TABLE recent',
];

export function sqliteLedger(port: SqlPort): LedgerTable {
  const [made] = port.exec("SELECT sql FROM sqlite_master WHERE name = 'reserved'");
  let ready = made !== undefined;
  if (ready && !String(made?.sql).includes('charged_on')) {
    for (const step of upgrade) port.exec(step);
    for (const table of tables) port.exec(table);
  }
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
    reservedBefore: (at) => reservations(rows, 'charged_on IS NULL', at),
    chargedBefore: (at) => reservations(rows, 'charged_on IS NOT NULL', at),
    oldest() {
      const [row] = rows(
        `SELECT min(at) FILTER (WHERE charged_on IS NULL) AS reserved,
           min(at) FILTER (WHERE charged_on IS NOT NULL) AS charged FROM reserved`,
      );
      const time = (at: unknown) => (at == null ? null : Number(at));
      return { reserved: time(row?.reserved), charged: time(row?.charged) };
    },
    hold: (id, amount, at, work) =>
      void write(
        `INSERT INTO reserved VALUES (?, ?, ?, ?, NULL) ON CONFLICT (id) DO UPDATE
         SET amount = amount + excluded.amount, at = excluded.at, charged_on = NULL`,
        id,
        amount,
        at,
        JSON.stringify(work),
      ),
    release(id) {
      const [row] = rows('DELETE FROM reserved WHERE id = ? RETURNING amount, charged_on', id);
      return row === undefined ? null : { amount: picodollars(Number(row.amount)), charged: chargedOf(row) };
    },
    charge: (id, { amount, day }, at) =>
      rows(
        `UPDATE reserved SET amount = ?, charged_on = ?, at = ? WHERE id = ? AND charged_on IS NULL
         RETURNING id`,
        amount,
        day,
        at,
        id,
      ).length > 0,
    charged(id) {
      const [row] = rows('SELECT amount, charged_on FROM reserved WHERE id = ?', id);
      return row === undefined ? null : chargedOf(row);
    },
    spend: (amount, day) =>
      void write(
        'INSERT INTO spent VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET amount = amount + excluded.amount',
        day,
        amount,
      ),
    count: (id, at, isRequest) =>
      void write('INSERT INTO counted VALUES (?, ?, ?, 0)', id, at, isRequest ? 1 : 0),
    countTokens: (id, tokens) => void rows('UPDATE counted SET tokens = ? WHERE id = ?', tokens, id),
    forgetCounted: (before) => void rows('DELETE FROM counted WHERE at <= ?', before),
    wake: (at) => port.wake(at),
  };
}

type Rows = (query: string, ...bindings: readonly SqlValue[]) => Row[];

const reservations = (rows: Rows, condition: string, at: number): readonly Reservation[] =>
  rows(`SELECT id, amount, work FROM reserved WHERE at <= ? AND ${condition} ORDER BY at, id`, at).map(
    ({ id, amount, work }) => ({
      id: String(id),
      amount: picodollars(Number(amount)),
      work: work == null ? null : (JSON.parse(String(work)) as ReservedWork),
    }),
  );

function balance(rows: Rows, now: number): Balance {
  const day = isoDay(now);
  const [spent] = rows(
    `SELECT ${sumOfMoney('amount', 'day = ?1')} AS day, ${sumOfMoney('amount', 'day >= ?2')} AS month,
       ${sumOfMoney('amount')} AS total FROM spent`,
    day,
    `${day.slice(0, 7)}-01`,
  );
  const [held] = rows(`SELECT ${sumOfMoney('amount')} AS amount FROM reserved WHERE charged_on IS NULL`);
  const [recent] = rows(
    'SELECT sum(requests) AS requests, sum(tokens) AS tokens, min(at) AS oldest FROM counted WHERE at > ?',
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

const chargedOf = ({ amount, charged_on: day }: Row): Charged | null =>
  day == null ? null : { amount: picodollars(Number(amount)), day: String(day) };

type Row = Readonly<Record<string, unknown>>;
