import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Reading } from './reader.ts';

/** The scores of `table_score.py` (ICDAR 2013 cell relations, NID), called as its own head says. */
const python = (args: readonly string[]): Promise<{ readonly stdout: string }> =>
  promisify(execFile)('python3', [...args], { timeout: 300_000 });

export async function scoreTables(
  script: string,
  gold: string,
  readings: readonly Reading[],
): Promise<ReadonlyMap<string, number>> {
  return inFolder(async (folder) => {
    const predictions = join(folder, 'tables.jsonl');
    const lines = readings.map(({ file, tables }) => JSON.stringify({ file: `pdf/${file}`, tables }));
    await writeFile(predictions, `${lines.join('\n')}\n`);
    const { stdout } = await python([script, 'tables', '--gold', gold, '--pred', predictions]);
    return new Map(
      [...stdout.matchAll(/(\w+) ([\d.]+)/g)].map(([, name = '', value]) => [name, Number(value)]),
    );
  });
}

/** Of each file: the normalised indel similarity of the text in its order, and F1 of the bags of words. */
export interface TextScore {
  readonly nid: number;
  readonly wordF1: number;
}

export async function scoreTexts(
  script: string,
  data: string,
  readings: readonly Reading[],
): Promise<ReadonlyMap<string, TextScore>> {
  return inFolder(async (folder) => {
    for (const { file, markdown } of readings) {
      await writeFile(join(folder, file.replace(/\.pdf$/, '.md')), markdown);
    }
    const { stdout } = await python([script, 'text', '--dir', data, '--pred', folder]);
    const found = stdout.matchAll(/^(\S+)\s+NID ([\d.]+)\s+word F1 ([\d.]+)$/gm);
    return new Map(
      [...found].map(([, name = '', nid, wordF1]) => [name, { nid: Number(nid), wordF1: Number(wordF1) }]),
    );
  });
}

async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'selvedge-scores-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
