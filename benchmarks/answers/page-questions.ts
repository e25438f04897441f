import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { holds, normalised } from './wording.ts';

/** The kinds in which people ask, in the order of reports. */
export const KINDS = [
  'single',
  'two_parts',
  'list',
  'howto',
  'compare',
  'table',
  'yesno',
  'followup',
  'keyword',
  'typos',
  'vague',
  'foreign',
  'unanswerable',
  'false_premise',
] as const;
export type Kind = (typeof KINDS)[number];

/** No page has questions in both, so what was tuned on one half is measured on pages that it never saw. */
export const HALVES = ['tuning', 'held-out'] as const;
export type Half = (typeof HALVES)[number];

const Strings = z.array(z.string().min(1)).readonly();

/** A line of `docs/tuning.jsonl` and `docs/held-out.jsonl`; what each field means stands in `docs/README.md`. */
const PageQuestion = z.strictObject({
  id: z.string(),
  kind: z.enum(KINDS),
  language: z.enum(['de', 'es', 'fr']).optional(),
  before: Strings.optional(),
  question: z.string().min(1),
  parts: z.array(Strings.refine((alternatives) => alternatives.length > 0)).readonly(),
  also: z.array(Strings).readonly().optional(),
  pages: Strings,
  near: Strings.optional(),
  corrects: z.string().optional(),
  note: z.string().optional(),
});
export type PageQuestion = z.infer<typeof PageQuestion>;

export async function readPageQuestions(half: Half): Promise<readonly PageQuestion[]> {
  const text = await readFile(new URL(`docs/${half}.jsonl`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => PageQuestion.parse(JSON.parse(line)));
}

/** For each part of the wanted answer, whether a text holds it: a string of the page, or another form of the same. */
export function heldParts({ parts, also }: PageQuestion, text: string): readonly boolean[] {
  const said = normalised(text);
  return parts.map((strings, part) =>
    [...strings, ...(also?.[part] ?? [])].some((wanted) => holds(said, wanted)),
  );
}
