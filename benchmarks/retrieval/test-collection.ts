import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Grades } from './metrics.ts';

/** Documents that are loaded into a store together. */
export interface DocumentCollection {
  readonly name: string;
  /** Of the documents: a loaded store is known by it. */
  readonly sha256: string;
  readonly documents: readonly TestDocument[];
}

/** A folder in BEIR's layout: `corpus.jsonl`, `queries.jsonl`, `qrels/test.tsv`. */
export interface TestCollection extends DocumentCollection {
  /** Only those with a relevant document. */
  readonly queries: readonly TestQuery[];
}

export interface TestDocument {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** Of a page that is a file in its own right: uploaded under this name, its text as it is. */
  readonly filename?: string;
}

export interface TestQuery {
  readonly id: string;
  readonly text: string;
  readonly grades: Grades;
}

const corpusLine = z.object({
  _id: z.string(),
  title: z.string().nullish(),
  text: z.string().nullish(),
});
const queryLine = z.object({ _id: z.string(), text: z.string() });

export async function readTestCollection(folder: string): Promise<TestCollection> {
  const corpus = await readFile(join(folder, 'corpus.jsonl'), 'utf8');
  const queries = await readFile(join(folder, 'queries.jsonl'), 'utf8');
  const judged = parseJudgements(await readFile(join(folder, 'qrels', 'test.tsv'), 'utf8'));
  return {
    name: basename(folder),
    sha256: createHash('sha256').update(corpus).digest('hex'),
    documents: lines(corpus).map((line) => {
      const { _id, title, text } = corpusLine.parse(JSON.parse(line));
      return { id: _id, title: title ?? '', text: text ?? '' };
    }),
    queries: lines(queries).flatMap((line) => {
      const { _id, text } = queryLine.parse(JSON.parse(line));
      const grades = judged.get(_id);
      const answerable = grades !== undefined && [...grades.values()].some((grade) => grade >= 1);
      return answerable ? [{ id: _id, text, grades }] : [];
    }),
  };
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');

/** `query-id  corpus-id  score`, tab separated, below one line of headings. */
function parseJudgements(text: string): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const judged = new Map<string, Map<string, number>>();
  for (const line of lines(text).slice(1)) {
    const [query, document, grade] = line.split('\t');
    if (query === undefined || document === undefined || grade === undefined) continue;
    const grades = judged.get(query) ?? new Map<string, number>();
    judged.set(query, grades.set(document, Number(grade)));
  }
  return judged;
}
