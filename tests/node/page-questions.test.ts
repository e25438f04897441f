import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import {
  HALVES,
  KINDS,
  type PageQuestion,
  readPageQuestions,
} from '../../benchmarks/answers/page-questions.ts';
import { readPages } from '../../benchmarks/answers/pages.ts';
import { holds, normalised } from '../../benchmarks/answers/wording.ts';

const corpus = join(resolve(process.env.SELVEDGE_DATA ?? '../shared/data'), 'docs-dev', 'corpus');
const [tuning = [], heldOut = []] = await Promise.all(HALVES.map(readPageQuestions));
const questions = [...tuning, ...heldOut];
const pagesOf = ({ pages, near = [] }: PageQuestion): readonly string[] => [...pages, ...near];

test('there are enough questions of every kind, and enough that must be declined or put right', () => {
  const count = (kind: string) => questions.filter((question) => question.kind === kind).length;
  expect(questions.length).toBeGreaterThanOrEqual(220);
  expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
  for (const kind of KINDS) expect({ kind, enough: count(kind) >= 14 }).toEqual({ kind, enough: true });
  expect(count('unanswerable') + count('false_premise')).toBeGreaterThanOrEqual(50);
});

test('no page has questions in both halves', () => {
  const seen = new Set(tuning.flatMap(pagesOf));
  expect(heldOut.flatMap(pagesOf).filter((page) => seen.has(page))).toEqual([]);
});

test('each kind has what it needs', () => {
  for (const question of questions) {
    const { id, kind, parts, also, pages, near, note, before, language, corrects } = question;
    const unanswerable = kind === 'unanswerable';
    expect({
      id,
      answer: parts.length > 0 && pages.length > 0,
      absent: near !== undefined && note !== undefined,
      before: before !== undefined,
      language: language !== undefined,
      corrects: corrects !== undefined,
      also: also === undefined || also.length === parts.length,
    }).toEqual({
      id,
      answer: !unanswerable,
      absent: unanswerable,
      before: kind === 'followup',
      language: kind === 'foreign',
      corrects: kind === 'false_premise',
      also: true,
    });
  }
});

test.skipIf(!existsSync(corpus))(
  'every string stands on one of its pages, and every page holds one (skipped where docs-dev is not at SELVEDGE_DATA)',
  async () => {
    const { documents } = await readPages(corpus, 'docs-dev');
    const texts = new Map(documents.map(({ id, text }) => [id, normalised(text)]));
    const wrong = questions.flatMap(({ id, parts, pages, near = [] }) => [
      ...[...pages, ...near].filter((page) => !texts.has(page)).map((page) => `${id}: no page ${page}`),
      ...parts
        .flat()
        .filter((wanted) => !pages.some((page) => holds(texts.get(page) ?? '', wanted)))
        .map((wanted) => `${id}: "${wanted}" is on none of its pages`),
      ...pages
        .filter((page) => !parts.flat().some((wanted) => holds(texts.get(page) ?? '', wanted)))
        .map((page) => `${id}: ${page} holds nothing of the answer`),
    ]);
    expect(wrong).toEqual([]);
  },
);

test('words are compared without case, marks, links and spelling of small numbers, and never in pieces', () => {
  const page = normalised(
    'Lock **any** [revision](/deploy/revisions/ "why") within `30` days; six   free sessions.',
  );
  expect(holds(page, 'any revision within 30 days')).toBe(true);
  expect(holds(page, '6 free sessions')).toBe(true);
  expect(holds(page, 'sessions … lock')).toBe(true);
  expect(holds(page, 'deploy')).toBe(false);
  expect(holds(page, '3')).toBe(false);
  expect(holds(normalised('pass `--dev` here'), '--dev')).toBe(true);
  expect(holds(normalised('a dev server'), '--dev')).toBe(false);
  expect(holds(normalised('you don’t need it'), "don't need")).toBe(true);
});
