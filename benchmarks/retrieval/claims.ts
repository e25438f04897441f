import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { TestCollection } from './test-collection.ts';

/** A line of WiCE (Kamoi et al., 2023): a claim of Wikipedia, the page it cites as sentences, and which support it. */
const claimLine = z.object({
  _id: z.string(),
  claim: z.string(),
  evidence: z.array(z.string()),
  supporting_sentences: z.array(z.array(z.number().int())),
});

/** About what a person quotes when asked for the passage; near the size of the passages that we index. */
const SENTENCES_A_PASSAGE = 6;

/**
 * WiCE as a test collection: `claims.jsonl` in `folder`. Each cited page is cut into passages of six sentences, and
 * those that hold a supporting sentence of a claim are relevant to it. A page that several claims cite stands once.
 */
export async function readClaims(folder: string): Promise<TestCollection> {
  const text = await readFile(join(folder, 'claims.jsonl'), 'utf8');
  const claims = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => claimLine.parse(JSON.parse(line)));
  const documents = new Map<string, string>();
  const queries = claims.flatMap(({ _id, claim, evidence, supporting_sentences }) => {
    const page = hash(evidence.join('\n')).slice(0, 12);
    const passageOf = (sentence: number): string => `${page}-${Math.floor(sentence / SENTENCES_A_PASSAGE)}`;
    for (let at = 0; at < evidence.length; at += SENTENCES_A_PASSAGE) {
      documents.set(passageOf(at), evidence.slice(at, at + SENTENCES_A_PASSAGE).join(' '));
    }
    const grades = new Map(supporting_sentences.flat().map((sentence) => [passageOf(sentence), 1]));
    return grades.size === 0 ? [] : [{ id: _id, text: claim, grades }];
  });
  return {
    name: basename(folder),
    sha256: hash(`${text} ${SENTENCES_A_PASSAGE}`),
    documents: [...documents].map(([id, passage]) => ({ id, title: '', text: passage })),
    queries,
  };
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
