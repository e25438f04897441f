import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readTestCollection, type TestCollection } from '../retrieval/test-collection.ts';

/** Whether thresholds may have been set by looking at a question. */
export type Half = 'tuned' | 'held out';

export interface TestQuestion {
  readonly id: string;
  readonly text: string;
  /** Any of them answers the question. */
  readonly answers: readonly string[];
  /** Whether the question's paragraph is in the store. */
  readonly answerable: boolean;
  readonly half: Half;
}

const answerLine = z.object({ _id: z.string(), doc: z.string(), answers: z.array(z.string()).min(1) });

/** One paragraph in so many is left out of the store: 24 of xquad-en's 240, with some 119 questions. */
const LEFT_OUT = 10;

/** The same choice on every run: questions and paragraphs are ordered by a hash of their id. */
export async function readQuestions(
  folder: string,
  wanted: { readonly answerable: number; readonly unanswerable: number },
): Promise<{ readonly collection: TestCollection; readonly questions: readonly TestQuestion[] }> {
  const read = await readTestCollection(folder);
  const lines = (await readFile(join(folder, 'answers.jsonl'), 'utf8')).trim().split('\n');
  const answers = new Map(
    lines.map((line) => {
      const parsed = answerLine.parse(JSON.parse(line));
      return [parsed._id, parsed] as const;
    }),
  );
  const byHash = <T extends { readonly id: string }>(items: readonly T[]): readonly T[] =>
    items.toSorted((a, b) => (hash(a.id) < hash(b.id) ? -1 : 1));
  const leftOut = new Set(
    byHash(read.documents)
      .slice(0, Math.ceil(read.documents.length / LEFT_OUT))
      .map(({ id }) => id),
  );
  const all = byHash(read.queries).flatMap(({ id, text }): TestQuestion[] => {
    const known = answers.get(id);
    if (known === undefined) return [];
    const half = Number.parseInt(hash(id).slice(0, 2), 16) % 2 === 0 ? 'tuned' : 'held out';
    return [{ id, text, answers: known.answers, answerable: !leftOut.has(known.doc), half }];
  });
  const questions = [
    ...all.filter(({ answerable }) => answerable).slice(0, wanted.answerable),
    ...all.filter(({ answerable }) => !answerable).slice(0, wanted.unanswerable),
  ];
  const documents = read.documents.filter(({ id }) => !leftOut.has(id));
  const name = `${read.name} without ${leftOut.size}`;
  return { collection: { ...read, name, documents, sha256: hash(`${read.sha256} ${name}`) }, questions };
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
