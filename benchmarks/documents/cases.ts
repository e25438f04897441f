import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

/** A question to one small file, and what the quote that answers it must hold. */
export interface DocumentCase {
  readonly file: string;
  readonly question: string;
  readonly held: string;
  /** Where the quote stands; null in formats without pages. */
  readonly page: number | null;
}

const caseLine = z.tuple([z.string(), z.string(), z.string(), z.int().nullable()]);

/** A set is a folder with `make.py FOLDER`, which writes the files, and `cases.json`. */
export async function readCases(set: string): Promise<readonly DocumentCase[]> {
  const lines = z.array(caseLine).parse(JSON.parse(await readFile(join(set, 'cases.json'), 'utf8')));
  const cases = lines.map(([file, question, held, page]) => ({ file, question, held, page }));
  // Some stand there twice.
  return [...new Map(cases.map((one) => [JSON.stringify(one), one])).values()];
}

/** @returns the folder that the files were written to. */
export async function makeFiles(set: string, python: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'selvedge-cases-'));
  await promisify(execFile)(python, [join(set, 'make.py'), folder], { timeout: 120_000 });
  return folder;
}

/**
 * Whether a quote holds what it must. "| 59 |" asks for a cell: 59 alone in a line of a grid, or the value of a named
 * cell ("Price: 59 | …"). White space does not count.
 */
export function holds(quote: string, held: string): boolean {
  const cell = /^\| (.+) \|$/.exec(held)?.[1];
  if (cell === undefined) return squeezed(quote).includes(squeezed(held));
  return quote
    .split(/[|\n]/)
    .map(squeezed)
    .some((part) => part === cell || part.endsWith(`: ${cell}`));
}

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();
