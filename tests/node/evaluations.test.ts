import { describe, expect, test } from 'vitest';
import { d1Datasets, d1Evaluations } from '../../adapters/d1-evaluations.ts';
import { d1Keys } from '../../adapters/d1-keys.ts';
import { d1Prompts } from '../../adapters/d1-prompts.ts';
import { issueKey } from '../../core/access/key.ts';
import { DAY, MINUTE } from '../../core/clock.ts';
import { createDataset } from '../../core/evaluate/dataset.ts';
import { metricDefinitions } from '../../core/evaluate/metrics/answers.ts';
import { redefined } from '../../core/evaluate/provenance.ts';
import { type CaseResult, type EvaluationRun, resumeRuns, startRun } from '../../core/evaluate/run.ts';
import { value } from '../../core/evaluate/score.ts';
import { asId, type CaseId, newId, systemRandom } from '../../core/identifier.ts';
import { builtInCatalogue } from '../../core/models/built-in.ts';
import { promptLibrary } from '../../core/prompts/library.ts';
import type { Scope } from '../../core/scope.ts';
import { picodollars } from '../../core/telemetry/money.ts';
import { d1OnNode } from './d1-on-node.ts';

class Bench {
  readonly scope: Scope;
  sent: string[] = [];
  now = 1_000_000;
  readonly deps: ReturnType<Bench['dependencies']>;

  dependencies(database: D1Database) {
    return {
      clock: () => this.now,
      random: systemRandom,
      datasets: d1Datasets(database),
      evaluations: d1Evaluations(database),
      catalogue: builtInCatalogue({ openai: false, anthropic: false }),
      embedder: { model: '@cf/baai/bge-small-en-v1.5', dimensions: 384 },
      reranker: { model: '@cf/baai/bge-reranker-base' },
      hostedModels: { list: async () => null },
      prompts: promptLibrary({ store: d1Prompts(database), clock: () => this.now }),
      evaluationQueue: {
        send: async (messages: readonly { readonly caseId: CaseId }[]) => {
          this.sent.push(...messages.map(({ caseId }) => caseId));
        },
      },
    };
  }

  private constructor(database: D1Database, scope: Scope) {
    this.scope = scope;
    this.deps = this.dependencies(database);
  }

  /** With a tenant and its key, for a dataset and a run belong to one. */
  static async make(): Promise<Bench> {
    const database = d1OnNode('main');
    const maker: Scope = { tenantId: newId('tenant'), keyId: newId('key'), scopes: ['admin'] };
    const deps = { keys: d1Keys(database), clock: () => 0, random: systemRandom };
    const { key } = await issueKey(deps, maker, { name: 'evals', tenantId: maker.tenantId });
    return new Bench(database, { tenantId: key.tenantId, keyId: key.id, scopes: key.scopes });
  }

  dataset(size: number) {
    const cases = Array.from({ length: size }, (_, at) => ({
      question: `Question ${at}?`,
      answers: ['yes'],
    }));
    return createDataset(this.deps, this.scope.tenantId, 'brakes', cases);
  }

  async run(size: number): Promise<EvaluationRun> {
    const { id } = await this.dataset(size);
    const wanted = { datasetId: id, prompt: null, vectorStoreIds: [], metrics: [] };
    return startRun(this.deps, this.scope, wanted);
  }

  result(run: EvaluationRun, caseId: CaseId, changes: Partial<CaseResult> = {}): CaseResult {
    const { tenantId, id: runId } = run;
    const outcome = {
      traceId: null,
      answer: 'yes',
      scores: { exact: value(1) },
      milliseconds: 5,
      error: null,
    };
    return { tenantId, runId, caseId, cost: picodollars(1), createdAt: this.now, ...outcome, ...changes };
  }

  find(run: EvaluationRun) {
    return this.deps.evaluations.find(run.tenantId, run.id);
  }
}

describe('evaluations', () => {
  test('a dataset of more cases than a statement or a page takes goes to the queue whole', async () => {
    const bench = await Bench.make();
    const run = await bench.run(230);
    expect(new Set(bench.sent).size).toBe(230);
    expect(await bench.find(run)).toMatchObject({ total: 230, status: 'running', counts: { done: 0 } });
  });

  test('EVL-4: a run keeps the model and the pipeline that it began with, until its answers came through another', async () => {
    const bench = await Bench.make();
    const [run, other] = [await bench.run(1), await bench.run(1)];
    expect(run).toMatchObject({
      model: expect.any(String),
      pipeline: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(await bench.find(run)).toMatchObject({ model: run.model, pipeline: run.pipeline });
    await bench.deps.evaluations.forgetPipeline(run.tenantId, run.id);
    expect(await bench.find(run)).toMatchObject({ model: run.model, pipeline: null });
    expect(await bench.find(other)).toMatchObject({ pipeline: run.pipeline });
  });

  test('EVL-5: a run keeps what its metrics meant, until one of its scores means something else', async () => {
    const bench = await Bench.make();
    const { id } = await bench.dataset(1);
    const metrics = ['gold_answer', 'citation_valid', 'latency_ms'] as const;
    const run = await startRun(bench.deps, bench.scope, {
      datasetId: id,
      prompt: null,
      vectorStoreIds: [],
      metrics,
    });
    const { gold_answer, citation_valid } = metricDefinitions;
    expect((await bench.find(run))?.definitions).toEqual({ gold_answer, citation_valid });
    expect(redefined(run.definitions)).toEqual([]);
    expect(redefined({ gold_answer: 'v0', citation_valid, unknown: 'v9' })).toEqual(['gold_answer']);
    await bench.deps.evaluations.forgetDefinition(run.tenantId, run.id, 'gold_answer');
    const forgotten = await bench.find(run);
    expect(forgotten?.definitions).toEqual({ gold_answer: null, citation_valid });
    expect(redefined(forgotten?.definitions ?? {})).toEqual([]);
  });

  test('equal cases have equal hashes, and a case named twice is refused', async () => {
    const bench = await Bench.make();
    expect((await bench.dataset(3)).hash).toBe((await bench.dataset(3)).hash);
    const twice = [1, 2].map(() => ({ id: asId<CaseId>('same'), question: 'Why?', answers: [] }));
    await expect(createDataset(bench.deps, bench.scope.tenantId, 'x', twice)).rejects.toMatchObject({
      details: { param: 'cases[1].id' },
    });
  });

  test('EVL-1: the first answer stays, and only an error is replaced', async () => {
    const bench = await Bench.make();
    const run = await bench.run(2);
    const { evaluations } = bench.deps;
    await evaluations.record(bench.result(run, asId('case-1'), { error: 'Died.', answer: null }));
    expect(await evaluations.answered(run.tenantId, run.id, asId('case-1'))).toBe(false);
    await evaluations.record(bench.result(run, asId('case-1'), { answer: 'first' }));
    await evaluations.record(bench.result(run, asId('case-1'), { answer: 'second' }));
    await evaluations.record(bench.result(run, asId('case-1'), { error: 'Late.' }));
    const { data } = await evaluations.results(run.tenantId, run.id, { limit: 10, after: null });
    expect(data).toMatchObject([{ caseId: 'case-1', answer: 'first', error: null }]);
    expect(await evaluations.answered(run.tenantId, run.id, asId('case-1'))).toBe(true);
  });

  test('EVL-3: a run is completed by its last result, whether that is an answer or an error', async () => {
    const bench = await Bench.make();
    const run = await bench.run(2);
    await bench.deps.evaluations.record(bench.result(run, asId('case-2')));
    expect((await bench.find(run))?.status).toBe('running');
    bench.now += MINUTE;
    await bench.deps.evaluations.record(bench.result(run, asId('case-1'), { error: 'Died.' }));
    expect(await bench.find(run)).toMatchObject({
      status: 'completed',
      completedAt: bench.now,
      counts: { done: 2, errors: 1 },
    });
  });

  test('EVL-3: a stalled run is sent again, and after a day its open cases become errors', async () => {
    const bench = await Bench.make();
    const run = await bench.run(2);
    const abandoned: string[] = [];
    const resume = () =>
      resumeRuns(bench.deps, async ({ caseId }) => {
        abandoned.push(caseId);
      });
    bench.sent = [];
    await resume();
    expect(bench.sent).toEqual([]);
    bench.now += 6 * MINUTE;
    await resume();
    expect(bench.sent).toEqual(['case-1', 'case-2']);
    bench.now += DAY;
    await resume();
    expect(abandoned).toEqual(['case-1', 'case-2']);
    expect(run.status).toBe('running');
  });

  test('another tenant has no dataset and sees no run', async () => {
    const bench = await Bench.make();
    const run = await bench.run(1);
    const other = newId('tenant');
    expect(await bench.deps.evaluations.find(other, run.id)).toBeNull();
    expect((await bench.deps.datasets.list(other, { limit: 10, after: null })).data).toEqual([]);
    const wanted = { datasetId: run.datasetId, prompt: null, vectorStoreIds: [], metrics: [] };
    await expect(startRun(bench.deps, { ...bench.scope, tenantId: other }, wanted)).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
