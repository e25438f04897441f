import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** How a script of one client says what worked: as `python/report.py` does, a line of JSON a case. */
interface Case {
  readonly capability: string;
  readonly title: string;
  readonly work: () => Promise<void> | void;
}

const cases: Case[] = [];

/** A case of one capability (a column of the table in docs/reference/clients.md). */
export function inCase(capability: string, title: string, work: Case['work']): void {
  cases.push({ capability, title, work });
}

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
};

export const store = given('SELVEDGE_STORE');

/** How often the model behind the service was sent these words; other clients ask it at the same time. */
export async function timesAsked(words: string): Promise<number> {
  const answer = await fetch(`${given('SELVEDGE_UPSTREAM')}/received`);
  const bodies = (await answer.json()) as readonly unknown[];
  return bodies.filter((body) => JSON.stringify(body).includes(words)).length;
}

/** Packages do not export their package.json; it stands above what they do export. */
function versionOf(name: string, from: string): string {
  const entry = createRequire(from).resolve(name);
  const folder = entry.slice(0, entry.lastIndexOf(`node_modules/${name}/`) + `node_modules/${name}/`.length);
  return (JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as { version: string }).version;
}

const say = (line: object): void => console.log(`\nreport: ${JSON.stringify(line)}`);

export async function run(from: string, ...packages: readonly string[]): Promise<void> {
  const versions = packages.map((name) => [name, versionOf(name, from)] as const);
  say({ versions: Object.fromEntries(versions) });
  for (const { capability, title, work } of cases) {
    const fault = await Promise.resolve()
      .then(work)
      .then(
        () => null,
        (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
      );
    say({ capability, title, fault: fault?.slice(0, 3_000) ?? null });
  }
  say({ cases: cases.length });
}
