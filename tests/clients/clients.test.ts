import { cpus } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { NoPython, pythonEnvironment } from '../python.ts';
import { type Client, clients } from './clients.ts';
import { type Report, runClient } from './run-client.ts';
import { renderTable } from './table.ts';

/**
 * Unmodified clients of others against `npm start`. Each has a script that runs its cases and says of each whether it
 * worked; here every case is a test, and together they are the table in docs/reference/clients.md (`-u` writes it anew).
 * `CLIENTS=haystack npm run test:clients` runs those whose name holds the word.
 */
const place = inject('place');
const wanted = clients.filter(({ name }) =>
  name.toLowerCase().includes((process.env.CLIENTS ?? '').toLowerCase()),
);

/** Without a Python or a registry there is nothing to run; in CI that is a failure. */
async function interpreter({ requirements }: Client): Promise<string | NoPython> {
  if (requirements === undefined) return process.execPath;
  try {
    return await pythonEnvironment(join(import.meta.dirname, requirements));
  } catch (error) {
    if (error instanceof NoPython && process.env.CI !== 'true') return error;
    throw error;
  }
}

async function reportOf(client: Client): Promise<Report | NoPython> {
  const command = await interpreter(client);
  return command instanceof NoPython
    ? command
    : runClient(command, join(import.meta.dirname, client.script), place);
}

/** As many at once as there are cores: they mostly import. */
async function reportsOf(all: readonly Client[]): Promise<ReadonlyMap<Client, Report | NoPython>> {
  const reports = new Map<Client, Report | NoPython>();
  const waiting = [...all];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      reports.set(next, await reportOf(next));
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, cpus().length) }, work));
  return new Map(
    all.flatMap((client) => (reports.has(client) ? [[client, reports.get(client) as Report]] : [])),
  );
}

const reports = await reportsOf(wanted);

for (const [client, report] of reports) {
  describe(client.name, () => {
    if (report instanceof NoPython) {
      test.skip(`its packages cannot be installed here: ${report.message}`, () => {});
      return;
    }
    test.each(report.outcomes)('$capability: $title', ({ fault }) => {
      if (fault !== null) expect.fail(fault);
    });
    test('its script comes to its end', () => {
      expect(report.broken).toBeNull();
    });
  });
}

const all = [...reports].flatMap(([client, report]) =>
  report instanceof NoPython ? [] : [{ client, report }],
);

test.skipIf(all.length < clients.length)('docs/reference/clients.md says what this run shows', async () => {
  await expect(renderTable(all)).toMatchFileSnapshot('../../docs/reference/clients.md');
});

test('no client calls anything but the service', async () => {
  const called = await fetch(`${place.outside}/called`);
  expect(await called.json()).toEqual([]);
});
