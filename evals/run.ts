/**
 * `npm run eval -- --suite NAME [--url http://localhost:8787] [--key sk-local] [--prompt ID[@VERSION]] [--out FILE]`
 *
 * Asks a suite's questions over the public API, prints each metric with its 95 % interval, and writes the
 * scores as JSON Lines under a line that says what was run. The file holds quality only: the metrics where higher
 * is better, which `npm run gate` compares. Exit 0 when every case was asked, 1 when some ended in an error, 2 when
 * nothing could be asked.
 */

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { errorMessage } from '../core/error-message.ts';
import { datasetHash } from '../core/evaluate/dataset.ts';
import { answerMetrics, isQuality } from '../core/evaluate/metrics/answers.ts';
import { definitionsOf, headerLine } from '../core/evaluate/provenance.ts';
import { type CaseScore, failed, scoreLine } from '../core/evaluate/score.ts';
import { type MetricSummary, summarise } from '../core/evaluate/summary.ts';
import { ask, findStore, type Service, type Source } from './service.ts';
import { readSuite, type Suite } from './suite.ts';

const UNUSABLE = 2;

interface Options {
  readonly suite: string;
  readonly service: Service;
  readonly prompt: { readonly id: string; readonly version?: string } | null;
  readonly out: string | null;
}

function options(): Options {
  const { values } = parseArgs({
    options: {
      suite: { type: 'string' },
      url: { type: 'string', default: 'http://localhost:8787' },
      key: { type: 'string', default: process.env.SELVEDGE_API_KEY ?? 'sk-local' },
      prompt: { type: 'string' },
      out: { type: 'string' },
    },
  });
  if (values.suite === undefined) throw new Error('--suite NAME is missing');
  const [id, version] = values.prompt?.split('@') ?? [];
  return {
    suite: values.suite,
    service: { url: values.url.replace(/\/$/, ''), key: values.key },
    prompt: id === undefined ? null : { id, ...(version === undefined ? {} : { version }) },
    out: values.out ?? null,
  };
}

interface Ran {
  readonly scores: readonly CaseScore[];
  readonly source: Source;
}

/** What all answers came from. One that differs from answer to answer (somebody deployed) is left out, and said. */
function sourceOf(sources: readonly Source[]): Source {
  const common = (what: keyof Source): string | null => {
    const [only = null, ...more] = new Set(sources.map((source) => source[what]));
    if (more.length === 0) return only;
    console.error(`The ${what} changed during the run: ${[only, ...more].join(', ')}. The file names none.`);
    return null;
  };
  return { prompt: common('prompt'), model: common('model'), pipeline: common('pipeline') };
}

async function run(suite: Suite, { service, prompt }: Options): Promise<Ran> {
  const vectorStoreId = await findStore(service, suite.vectorStore);
  const scores: CaseScore[] = [];
  const sources: Source[] = [];
  for (const [index, asked] of suite.cases.entries()) {
    const add = (metric: Suite['metrics'][number], score: CaseScore['score']) =>
      scores.push({ case: asked.id, metric, score });
    try {
      const answered = await ask(service, { text: asked.question, vectorStoreId, prompt });
      sources.push(answered.source);
      for (const metric of suite.metrics) add(metric, answerMetrics[metric](asked, answered));
      const wrong = scores.filter(
        ({ case: id, metric, score }) =>
          id === asked.id && isQuality(metric) && score.kind === 'value' && score.value === 0,
      );
      if (wrong.length > 0) {
        console.error(`${asked.id}: not ${wrong.map((score) => score.metric).join(', ')}: ${answered.text}`);
      }
    } catch (error) {
      const reason = errorMessage(error);
      for (const metric of suite.metrics) add(metric, failed(reason));
      console.error(`${asked.id}: ${reason}`);
    }
    if (process.stderr.isTTY) process.stderr.write(`\r${index + 1} of ${suite.cases.length}\r`);
  }
  return { scores, source: sourceOf(sources) };
}

function print(summaries: readonly MetricSummary[]): void {
  const number = (value: number | null): string => (value === null ? '–' : value.toPrecision(3)).padStart(9);
  console.log(
    `${'metric'.padEnd(20)}    n     mean       low      high      p50       p95  not measurable, errors`,
  );
  for (const { metric, n, mean, interval, p50, p95, notMeasurable, errors } of summaries) {
    const cells = [mean, interval?.low ?? null, interval?.high ?? null, p50, p95].map(number);
    console.log(
      `${metric.padEnd(20)} ${String(n).padStart(4)} ${cells.join(' ')}  ${notMeasurable}, ${errors}`,
    );
  }
}

try {
  const chosen = options();
  const suite = readSuite(chosen.suite);
  const { scores, source } = await run(suite, chosen);
  print(summarise(scores));
  if (chosen.out !== null) {
    const kept = scores.filter(({ metric }) => isQuality(metric));
    const header = headerLine({
      dataset: await datasetHash(suite.cases),
      ...source,
      metrics: definitionsOf(suite.metrics),
    });
    writeFileSync(chosen.out, [header, ...kept.map(scoreLine)].map((line) => `${line}\n`).join(''));
  }
  process.exitCode = scores.some(({ score }) => score.kind === 'error') ? 1 : 0;
} catch (error) {
  console.error(`eval: ${errorMessage(error)}`);
  process.exitCode = UNUSABLE;
}
