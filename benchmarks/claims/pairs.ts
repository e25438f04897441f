import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** No evidence has claims in both, so what was tuned on one half is measured on texts that it never saw. */
export const HALVES = ['tuning', 'held-out'] as const;
export type Half = (typeof HALVES)[number];

const Sentences = z.array(z.strictObject({ kind: z.string(), sentence: z.string() })).readonly();

/** A line of `pairs/*.jsonl`: a text, sentences that it does not support by one small edit, and true restatements. */
const Pairs = z.strictObject({
  id: z.string(),
  evidence: z.string(),
  lies: Sentences,
  restatements: Sentences,
});

/** A sentence to be checked against a text. */
export interface Claim {
  readonly evidence: string;
  readonly question: string;
  readonly sentence: string;
  /** How the sentence was made. */
  readonly kind: string;
  readonly supported: boolean;
}

export async function readPairs(half: Half): Promise<readonly z.infer<typeof Pairs>[]> {
  const text = await readFile(new URL(`pairs/${half}.jsonl`, import.meta.url), 'utf8');
  return lines(text).map((line) => Pairs.parse(JSON.parse(line)));
}

export async function readClaims(half: Half): Promise<readonly Claim[]> {
  return (await readPairs(half)).flatMap(({ evidence, lies, restatements }) => [
    ...lies.map((lie) => ({ ...lie, evidence, question: '', supported: false })),
    ...restatements.map((restatement) => ({ ...restatement, evidence, question: '', supported: true })),
  ]);
}

const wiceLine = z.object({
  label: z.enum(['supported', 'partially_supported', 'not_supported']),
  claim: z.string(),
  evidence: z.array(z.string()),
});

/** WiCE (Kamoi et al., 2023): claims of Wikipedia beside stretches of the page that they cite. */
export async function readWice(path: string): Promise<readonly Claim[]> {
  return lines(await readFile(path, 'utf8')).map((line) => {
    const { label, claim, evidence } = wiceLine.parse(JSON.parse(line));
    return {
      evidence: evidence.join(' '),
      question: '',
      sentence: claim,
      kind: label,
      supported: label === 'supported',
    };
  });
}

const haluLine = z.object({
  context: z.string(),
  question: z.string(),
  answer: z.string(),
  label: z.union([z.literal(0), z.literal(1)]),
});

/** HaluEval's questions (Li et al., 2023), each with the right answer and one that a model made up. */
export async function readHaluEval(path: string): Promise<readonly Claim[]> {
  return lines(await readFile(path, 'utf8')).map((line) => {
    const { context, question, answer, label } = haluLine.parse(JSON.parse(line));
    return {
      evidence: context,
      question,
      sentence: answer,
      kind: label === 1 ? 'right' : 'made up',
      supported: label === 1,
    };
  });
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');
