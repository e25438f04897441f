import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type OpenAI from 'openai';
import { type Asked, ask } from './answers/ask.ts';
import { benchPages } from './answers/page-bench.ts';
import { HALVES } from './answers/page-questions.ts';
import { type Half, readQuestions } from './answers/questions.ts';
import { summary } from './answers/summary.ts';
import { percentile, percentiles } from './percentile.ts';
import { load } from './retrieval/load.ts';
import { progressOn } from './retrieval/progress.ts';
import { withService } from './service.ts';

/**
 * `npm run bench:answers [-- --url URL --key KEY --share .1 --failures]`
 *
 * 200 questions of xquad-en against one store, and 100 whose paragraph was left out of it. Prints the share of
 * answers that hold a gold answer, of citations that stand in their document at their offsets, of questions
 * declined, and times. Thresholds are set on one half of the questions and reported on the other.
 *
 * `npm run bench:answers -- --collection docs [--half tuning|held-out] [--mode quote|generate] [--model NAME]
 * [--results FILE] [--json FILE] [--failures] [--fresh]`
 *
 * Our own questions in 14 kinds on the 479 pages of docs-dev (`answers/docs/README.md`), a line a kind. The held-out half
 * is reported as a whole and never looked into. With `--results` a run that broke off goes on where it was;
 * `--fresh` loads the pages again, after a change to how documents are read.
 *
 * `SELVEDGE_DATA` is the folder of the collections.
 */
const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    key: { type: 'string', default: 'sk-local' },
    /** Share of the questions to ask, for a quick look. */
    share: { type: 'string', default: '1' },
    /** Prints each question that went wrong. */
    failures: { type: 'boolean', default: false },
    collection: { type: 'string', default: 'xquad' },
    half: { type: 'string', default: 'tuning' },
    mode: { type: 'string' },
    model: { type: 'string' },
    results: { type: 'string' },
    json: { type: 'string' },
    fresh: { type: 'boolean', default: false },
  },
});

const ANSWERABLE = 200;
const UNANSWERABLE = 100;

const progress = progressOn(process.stderr, Date.now);
const data = resolve(process.env.SELVEDGE_DATA ?? '../shared/data');
const share = Number(options.share);

await withService({ url: options.url, key: options.key }, async (client) => {
  if (oneOf('collection', options.collection, ['xquad', 'docs']) === 'xquad') return benchParagraphs(client);
  await benchPages(
    client,
    {
      data,
      half: oneOf('half', options.half, HALVES),
      mode: options.mode === undefined ? null : oneOf('mode', options.mode, ['quote', 'generate']),
      model: options.model ?? null,
      results: options.results ?? null,
      json: options.json ?? null,
      failures: options.failures,
      fresh: options.fresh,
    },
    progress,
  );
});

function oneOf<const Value extends string>(option: string, value: string, values: readonly Value[]): Value {
  const found = values.find((each) => each === value);
  if (found === undefined) throw new Error(`--${option} is '${value}'; expected ${values.join(' or ')}.`);
  return found;
}

async function benchParagraphs(client: OpenAI): Promise<void> {
  const { collection, questions } = await readQuestions(join(data, 'xquad-en'), {
    answerable: Math.round(ANSWERABLE * share),
    unanswerable: Math.round(UNANSWERABLE * share),
  });
  const vectorStoreId = await load(client, collection, progress);
  const asked: Asked[] = [];
  for (const question of questions) {
    asked.push(await ask(client, vectorStoreId, question));
    progress.show(`${asked.length} of ${questions.length} asked`);
  }
  progress.show('');
  report(asked);
}

function report(asked: readonly Asked[]): void {
  const halves: readonly Half[] = ['tuned', 'held out'];
  console.log('half       questions  gold held  gold of all  declined  declined rightly  citations valid');
  for (const half of halves) {
    const { answerable, unanswerable, held, heldOfAll, declined, declinedRightly, valid, citations } =
      summary(asked.filter(({ question }) => question.half === half));
    const counts = `${answerable} + ${unanswerable}`.padEnd(9);
    const shares = [held, heldOfAll, declined, declinedRightly].map((value) => value.toFixed(3));
    console.log(
      `${half.padEnd(9)}  ${counts}  ${shares[0]}      ${shares[1]}        ${shares[2]}     ${shares[3]}             ${valid} of ${citations}`,
    );
  }
  const answered = asked.filter((one) => one.firstTextAfter !== null);
  const first = answered.map((one) => one.firstTextAfter ?? 0);
  const all = answered.map((one) => one.milliseconds);
  console.log(`first text  ${percentiles(first)}`);
  console.log(`whole       ${percentiles(all)}`);
  console.log(
    `characters  p50 ${percentile(
      asked.filter((one) => !one.declined).map((one) => one.text.length),
      0.5,
    )}`,
  );
  for (const { question, declined, held, text } of options.failures ? asked : []) {
    const wrong = question.answerable ? declined || !held : !declined;
    if (wrong) console.log(JSON.stringify({ question: question.text, gold: question.answers, text }));
  }
}
