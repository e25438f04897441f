import { z } from 'zod';
import type { Provenance } from '../core/evaluate/provenance.ts';
import { type CaseScore, failed, notMeasurable, type Score, value } from '../core/evaluate/score.ts';

/**
 * A result file: JSON Lines, one score of one case a line. A score is a number, or an object that says that
 * there is none; `error` instead of `score` is short for one that failed. The first line may be a header,
 * `{"run": {…}}`, that says what was run (GAT-6).
 */
const text = z.string().min(1);
const scored = z.strictObject({
  case: text,
  metric: text,
  score: z.union([
    z.number(),
    z.strictObject({ kind: z.literal('value'), value: z.number() }),
    z.strictObject({ kind: z.literal('not-measurable'), reason: z.string() }),
    z.looseObject({ kind: z.literal('error'), message: z.string().optional() }),
  ]),
});
const errored = z.strictObject({ case: text, metric: text, error: z.unknown() });
const line = z.union([scored, errored]);

const recorded = text.nullable().default(null);
const header = z.looseObject({
  dataset: text,
  prompt: recorded,
  model: recorded,
  pipeline: recorded,
  metrics: z.record(z.string(), z.unknown()).default({}),
});
const isHeader = (value: unknown): value is { readonly run: unknown } =>
  typeof value === 'object' && value !== null && 'run' in value && !('case' in value);

export interface Results {
  /** Null for a file without a header. */
  readonly run: Provenance | null;
  readonly scores: readonly CaseScore[];
}

/** Throws, with the line's number, for a line that is not a result. */
export function parseResults(contents: string, name: string): Results {
  const lines = contents.split('\n').flatMap((each, index) => {
    const where = `${name}, line ${index + 1}`;
    return each.trim() === '' ? [] : [{ where, value: parseJson(each, where) }];
  });
  const [first, ...rest] = lines;
  if (first === undefined || !isHeader(first.value)) return { run: null, scores: toScores(lines, name) };
  const parsed = header.safeParse(first.value.run);
  if (!parsed.success) throw new Error(`${first.where}: ${wrongHeader(parsed.error)}`);
  const { dataset, prompt, model, pipeline, metrics } = parsed.data;
  return { run: { dataset, prompt, model, pipeline, metrics }, scores: toScores(rest, name) };
}

function wrongHeader(error: z.ZodError): string {
  const [issue] = error.issues;
  return `run${issue?.path.map((part) => `.${String(part)}`).join('') ?? ''}: ${issue?.message ?? 'not usable'}`;
}

function toScores(
  lines: readonly { readonly where: string; readonly value: unknown }[],
  name: string,
): readonly CaseScore[] {
  const results = lines.map(({ where, value: given }): CaseScore => {
    if (isHeader(given)) throw new Error(`${where}: only the first line may say what was run`);
    const parsed = line.safeParse(given);
    if (!parsed.success) {
      throw new Error(
        `${where}: expected {"case", "metric", "score": number} or {"case", "metric", "error"}`,
      );
    }
    const { case: id, metric } = parsed.data;
    const score = 'score' in parsed.data ? toScore(parsed.data.score) : failed(String(parsed.data.error));
    return { case: id, metric, score };
  });
  if (results.length === 0) throw new Error(`${name} holds no results`);
  const seen = new Set<string>();
  for (const { case: id, metric } of results) {
    const key = JSON.stringify([id, metric]);
    if (seen.has(key)) throw new Error(`${name}: the case '${id}' has two results for '${metric}'`);
    seen.add(key);
  }
  return results;
}

function parseJson(source: string, where: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new Error(`${where}: this is not JSON`, { cause: error });
  }
}

function toScore(score: z.infer<typeof scored>['score']): Score {
  if (typeof score === 'number') return value(score);
  if (score.kind === 'value') return value(score.value);
  if (score.kind === 'not-measurable') return notMeasurable(score.reason);
  return failed(score.message ?? 'error');
}
