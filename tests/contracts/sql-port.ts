import { describe, expect, test } from 'vitest';
import type { SqlPort } from '../../adapters/sqlite-journal.ts';

/** What every `SqlPort` promises: run over a Durable Object's storage in workerd and over `node:sqlite` in node. */
export function sqlPortContract(name: string, run: (work: (port: SqlPort) => void) => Promise<void>): void {
  const count = (port: SqlPort) => [...port.exec('SELECT count(*) AS n FROM things')][0]?.n;
  const made = (work: (port: SqlPort) => void) =>
    run((port) => {
      port.exec('CREATE TABLE things (id TEXT PRIMARY KEY, size INTEGER) STRICT');
      work(port);
    });

  describe(`SQL port: ${name}`, () => {
    test('what was written comes back by column, null as null', () =>
      made((port) => {
        port.exec('INSERT INTO things VALUES (?, ?)', 'a', Number.MAX_SAFE_INTEGER);
        port.exec('INSERT INTO things VALUES (?, ?)', 'b', null);
        expect([...port.exec('SELECT * FROM things ORDER BY id')]).toMatchObject([
          { id: 'a', size: Number.MAX_SAFE_INTEGER },
          { id: 'b', size: null },
        ]);
        expect([...port.exec('SELECT * FROM things WHERE id = ?', 'c')]).toEqual([]);
      }));

    test('a statement is done when it has been called, whether its rows are read or not', () =>
      made((port) => {
        port.exec("INSERT INTO things VALUES ('a', 1), ('b', 2) RETURNING id");
        expect(count(port)).toBe(2);
      }));

    test('a transaction answers what its work answers', () =>
      made((port) => {
        const answer = port.transaction(() => {
          port.exec("INSERT INTO things VALUES ('a', 1)");
          return { written: 1 };
        });
        expect(answer).toEqual({ written: 1 });
        expect(count(port)).toBe(1);
      }));

    test('one whose work throws leaves nothing, and the error goes on', () =>
      made((port) => {
        expect(() =>
          port.transaction(() => {
            port.exec("INSERT INTO things VALUES ('a', 1)");
            throw new Error('Stopped half-way.');
          }),
        ).toThrow('Stopped half-way.');
        expect(count(port)).toBe(0);
        expect(() =>
          port.transaction(() => {
            port.exec("INSERT INTO things VALUES ('a', 1)");
            port.exec("INSERT INTO things VALUES ('a', 2)");
          }),
        ).toThrow(/UNIQUE/);
        expect(count(port)).toBe(0);
      }));
  });
}
