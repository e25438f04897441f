import { z } from 'zod';
import { type CaseScore, failed, notMeasurable, type Score, value } from '../core/evaluate/score.ts';

/**
 * A result file: JSON Lines, one score of one case a line. A score is a number, or an object that says that
 * there is none; `error` instead of `score` is short for one that failed. `run` only describes and is skipped.
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

/** Throws, with the line's number, for a line that is not a result. */
export function parseResults(contents: string, name: string): readonly CaseScore[] {
  const results = contents.split('\n').flatMap((each, index): readonly CaseScore[] => {
    if (each.trim() === '') return [];
    const where = `${name}, line ${index + 1}`;
    const parsed = line.safeParse(parseJson(each, where));
    if (!parsed.success) {
      throw new Error(
        `${where}: expected {"case", "metric", "score": number} or {"case", "metric", "error"}`,
      );
    }
    const { case: id, metric } = parsed.data;
    const score = 'score' in parsed.data ? toScore(parsed.data.score) : failed(String(parsed.data.error));
    return [{ case: id, metric, score }];
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
