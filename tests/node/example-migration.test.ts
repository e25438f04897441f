import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';

const folder = 'migrations/main';
const names = readdirSync(folder).sort();
const example = names.filter((name) => name.includes('_example_'));

function migrate(database: DatabaseSync, wanted: readonly string[]): void {
  for (const name of wanted) database.exec(readFileSync(join(folder, name), 'utf8'));
}

const tablesOf = (database: DatabaseSync): readonly string[] =>
  database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
    .all()
    .map(({ name }) => String(name));

test("the example's table is made by its own migration, and a database that had entries keeps them", () => {
  const database = new DatabaseSync(':memory:');
  const [first = ''] = example;
  migrate(
    database,
    names.filter((name) => name < first),
  );
  database.exec("INSERT INTO recorded_refunds VALUES ('run:3:issue:issue_refund', 'tenant', 'A-7', 5, 1, 0)");
  migrate(
    database,
    names.filter((name) => name >= first),
  );
  expect(database.prepare('SELECT key, order_id, amount FROM example_refunds').all()).toEqual([
    { key: 'run:3:issue:issue_refund', order_id: 'A-7', amount: 5 },
  ]);
  expect(tablesOf(database)).not.toContain('recorded_refunds');
});

test('without the migrations of the example, none of its tables is there', () => {
  const database = new DatabaseSync(':memory:');
  migrate(
    database,
    names.filter((name) => !example.includes(name)),
  );
  expect(tablesOf(database).filter((name) => /refund|example/.test(name))).toEqual([]);
  expect(tablesOf(database)).toContain('agent_runs');
});
