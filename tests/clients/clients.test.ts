import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import { CannotInstall, nodePackages, pythonEnvironment } from '../install.ts';
import { type Client, clients, openai2 } from './clients.ts';
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

const here = (name: string): string => join(import.meta.dirname, name);

/** Without a Python or a registry there is nothing to run; in CI that is a failure. */
async function interpreter({ requirements, packages }: Client): Promise<string | CannotInstall> {
  try {
    if (packages !== undefined) await nodePackages(here(packages));
    return requirements === undefined ? process.execPath : await pythonEnvironment(here(requirements));
  } catch (error) {
    if (error instanceof CannotInstall && process.env.CI !== 'true') return error;
    throw error;
  }
}

async function reportOf(client: Client): Promise<Report | CannotInstall> {
  const command = await interpreter(client);
  if (command instanceof CannotInstall) return command;
  const more = client.vocabulary === true ? { TIKTOKEN_CACHE_DIR: await vocabulary() } : {};
  return runClient(command, [here(client.script), client.argument ?? ''], place, more);
}

/** LlamaIndex's package has OpenAI's vocabularies in it, where tiktoken looks for them. */
async function vocabulary(): Promise<string> {
  const python = await pythonEnvironment(here(openai2));
  const { stdout } = await promisify(execFile)(python, [
    '-c',
    'import sysconfig; print(sysconfig.get_path("purelib"))',
  ]);
  return join(stdout.trim(), 'llama_index/core/_static/tiktoken_cache');
}

/** As many at once as there are cores: they mostly import. */
async function reportsOf(all: readonly Client[]): Promise<ReadonlyMap<Client, Report | CannotInstall>> {
  const reports = new Map<Client, Report | CannotInstall>();
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
    if (report instanceof CannotInstall) {
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
  report instanceof CannotInstall ? [] : [{ client, report }],
);

test.skipIf(all.length < clients.length)('docs/reference/clients.md says what this run shows', async () => {
  await expect(renderTable(all)).toMatchFileSnapshot('../../docs/reference/clients.md');
});

test('no client calls anything but the service', async () => {
  const called = await fetch(`${place.outside}/called`);
  expect(await called.json()).toEqual([]);
});
