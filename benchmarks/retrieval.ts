import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type OpenAI from 'openai';
import { percentile } from './percentile.ts';
import { readClaims } from './retrieval/claims.ts';
import { floorRankings } from './retrieval/floor.ts';
import { load } from './retrieval/load.ts';
import { meanScore, type RankingScore, scoreRanking } from './retrieval/metrics.ts';
import { progressOn } from './retrieval/progress.ts';
import { askAll, type Mode, modes } from './retrieval/query.ts';
import { readTestCollection, type TestCollection } from './retrieval/test-collection.ts';
import { withService } from './service.ts';

/**
 * `npm run bench:retrieval -- [--sets a,b] [--url URL] [--key KEY] [--limit N] [--modes a,b] [--runs FOLDER]`
 *
 * Loads collections in BEIR's layout, and the claims of WiCE, through the HTTP API (a loaded one is kept and reused),
 * asks every query, and prints each side, the fusion and the default search beside the BM25 floor. `SELVEDGE_DATA` is
 * the folder of the collections. Without `--url` a service is started whose state is kept in the user's cache.
 */
const { values: options } = parseArgs({
  options: {
    sets: {
      type: 'string',
      default: 'cranfield,npl,hotpotqa-100,cosqa-dev,msmarco-pool-50,xquad-en,xquad-zh,faith-wice-dev',
    },
    modes: { type: 'string', default: Object.keys(modes).join(',') },
    url: { type: 'string' },
    key: { type: 'string', default: 'sk-local' },
    /** Queries a set; the first ones. */
    limit: { type: 'string' },
    /** Writes every ranking there as `query <tab> document <tab> score`. */
    runs: { type: 'string' },
  },
});

const progress = progressOn(process.stderr, Date.now);
const data = resolve(process.env.SELVEDGE_DATA ?? '../shared/data');
const limit = options.limit === undefined ? Number.POSITIVE_INFINITY : Number(options.limit);
const chosen = options.modes.split(',').map((name) => {
  if (!Object.hasOwn(modes, name)) {
    throw new Error(`--modes takes ${Object.keys(modes).join(', ')}; '${name}' is not one of them.`);
  }
  return name as Mode;
});

await withService({ url: options.url, key: options.key }, async (client) => {
  for (const name of options.sets.split(',')) await measure(client, name);
});

async function measure(client: OpenAI, name: string): Promise<void> {
  const folder = join(data, name);
  const read = existsSync(join(folder, 'claims.jsonl'))
    ? await readClaims(folder)
    : await readTestCollection(folder);
  const collection = { ...read, queries: read.queries.slice(0, limit) };
  const vectorStoreId = await load(client, collection, progress);
  console.log(`\n${name}: ${collection.documents.length} documents, ${collection.queries.length} queries`);
  console.log('            nDCG@10  recall@50  recall@100   MRR   all in 10   p50 ms  p95 ms');
  const floor = floorRankings(collection);
  print('BM25 floor', score(collection, floor), null);
  for (const mode of chosen) {
    const { ranked, waits } = await askAll(client, collection, vectorStoreId, mode, progress);
    progress.show('');
    print(mode, score(collection, ranked), waits);
    if (options.runs !== undefined) await writeRun(join(options.runs, `${name}.${mode}.tsv`), ranked);
  }
}

function score(collection: TestCollection, rankings: ReadonlyMap<string, readonly string[]>): RankingScore {
  return meanScore(
    collection.queries.flatMap(({ id, grades }) => scoreRanking(rankings.get(id) ?? [], grades) ?? []),
  );
}

function print(label: string, score: RankingScore, waits: readonly number[] | null): void {
  const figure = (value: number): string => value.toFixed(4);
  const times =
    waits === null
      ? ''
      : [0.5, 0.95].map((share) => percentile(waits, share).toFixed(0).padStart(6)).join('  ');
  console.log(
    `${label.padEnd(11)}  ${figure(score.ndcg10)}    ${figure(score.recall50)}      ${figure(score.recall100)}  ${figure(score.reciprocalRank)}    ${figure(score.all10)}   ${times}`,
  );
}

async function writeRun(path: string, rankings: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const rows = [...rankings].flatMap(([query, ranked]) =>
    ranked.map((document, index) => `${query}\t${document}\t${ranked.length - index}`),
  );
  await writeFile(path, `${rows.join('\n')}\n`);
}
