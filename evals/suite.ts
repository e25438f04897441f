import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { EvaluationCase } from '../core/evaluate/dataset.ts';
import { type AnswerMetric, answerMetricNames } from '../core/evaluate/metrics/answers.ts';
import { asId, type CaseId } from '../core/identifier.ts';

/** What is asked (`datasets/NAME.jsonl`), of which documents, and what is measured (`suites/NAME.json`). */
export interface Suite {
  readonly name: string;
  readonly cases: readonly EvaluationCase[];
  /** By name, because ids differ from one installation to the next. */
  readonly vectorStore: string;
  readonly metrics: readonly AnswerMetric[];
}

const suiteFile = z.strictObject({
  dataset: z.string().min(1),
  vector_store: z.string().min(1),
  metrics: z.array(z.enum(answerMetricNames as [AnswerMetric, ...AnswerMetric[]])).min(1),
});

const caseLine = z.strictObject({
  id: z
    .string()
    .min(1)
    .transform(asId<CaseId>),
  question: z.string().min(1),
  answers: z.array(z.string().min(1)),
});

/** Throws with the file and the field on what it cannot use. */
export function readSuite(name: string, folder: string = import.meta.dirname): Suite {
  const path = join(folder, 'suites', `${name}.json`);
  const suite = parseWith(suiteFile, readFileSync(path, 'utf8'), path);
  const dataset = join(folder, 'datasets', `${suite.dataset}.jsonl`);
  const lines = readFileSync(dataset, 'utf8').split('\n');
  const cases = lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [parseWith(caseLine, line, `${dataset}, line ${index + 1}`)],
  );
  const ids = cases.map((each) => each.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`${dataset} has two cases with the id '${twice}'`);
  return { name, cases, vectorStore: suite.vector_store, metrics: suite.metrics };
}

function parseWith<Value>(schema: z.ZodType<Value>, text: string, where: string): Value {
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${where}: ${z.prettifyError(parsed.error)}`);
}
