import { createExecutionContext, createMessageBatch, env, getQueueResult } from 'cloudflare:test';
import { beforeAll, describe, expect, test } from 'vitest';
import worker from '../../workers/index.ts';
import { resumeEvaluations } from '../../workers/queues/evaluation.ts';
import { Account, newTenant } from './access.ts';
import { library, shop } from './library.ts';
import { compose } from './services.ts';

let account: Account;
let store: string;

beforeAll(async () => {
  account = await newTenant();
  store = await library(account, shop);
}, 60_000);

const cases = [
  { id: 'frames', question: 'How long are frames guaranteed?', answers: ['ten years', '10 years'] },
  { id: 'sunday', question: 'On which days is the shop closed?', answers: ['Sundays and Mondays'] },
  { id: 'moon', question: 'How far away is the moon from the earth?', answers: [] },
];

interface Run {
  readonly id: string;
  readonly status: string;
  readonly prompt_version: string;
  readonly model: string | null;
  readonly pipeline: string | null;
  readonly counts: { readonly total: number; readonly done: number; readonly errors: number };
  readonly summary: readonly {
    metric: string;
    n: number;
    mean: number | null;
    errors: number;
    not_measurable: number;
    interval: { low: number; high: number; method: string } | null;
  }[];
  readonly results: {
    readonly data: readonly {
      case: string;
      trace_id: string | null;
      answer: string | null;
      error: string | null;
    }[];
  };
}

async function dataset(owner: Account = account): Promise<string> {
  const made = await owner.send('POST', '/api/datasets', { name: 'shop', cases });
  expect(made.status).toBe(201);
  return (await made.json<{ id: string }>()).id;
}

async function start(body: Record<string, unknown> = {}): Promise<Run> {
  const made = await account.send('POST', '/api/evals', {
    dataset: await dataset(),
    vector_store_ids: [store],
    ...body,
  });
  expect(made.status).toBe(201);
  return made.json<Run>();
}

const read = async (id: string): Promise<Run> => (await account.fetch(`/api/evals/${id}`)).json<Run>();

async function completed(id: string): Promise<Run> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const run = await read(id);
    if (run.status === 'completed') return run;
    if (Date.now() > deadline) throw new Error(`The run is still ${JSON.stringify(run.counts)}`);
    await new Promise((resume) => setTimeout(resume, 200));
  }
}

async function deliver(queue: string, runId: string, caseIds: readonly string[]) {
  const batch = createMessageBatch(
    queue,
    caseIds.map((caseId, index) => ({
      id: `m${index}`,
      timestamp: new Date(0),
      attempts: 1,
      body: { tenantId: account.tenantId, runId, caseId },
    })),
  );
  await worker.queue(batch, env);
  return getQueueResult(batch, createExecutionContext());
}

const evaluationCosts = async () =>
  env.DB.prepare("SELECT count(*) AS n FROM requests WHERE tenant_id = ? AND route = 'queue:evaluation'")
    .bind(account.tenantId)
    .first<number>('n');

describe('evaluations', { timeout: 120_000 }, () => {
  test('a run answers every case over the queue, scores it and gives each metric its interval', async () => {
    const started = await start();
    expect(started).toMatchObject({
      status: 'running',
      prompt_version: 'default@1',
      counts: { total: 3, done: 0 },
    });
    const run = await completed(started.id);
    expect(run.counts).toEqual({ total: 3, done: 3, errors: 0 });
    const summary = Object.fromEntries(run.summary.map((each) => [each.metric, each]));
    expect(summary.gold_answer).toMatchObject({
      n: 2,
      mean: 1,
      not_measurable: 1,
      interval: { method: 'wilson' },
    });
    expect(summary.citation_valid).toMatchObject({ n: 2, mean: 1 });
    expect(summary.abstained_rightly).toMatchObject({ n: 3, mean: 1 });
    expect(summary.latency_ms?.n).toBe(3);
    expect(summary.gold_answer?.interval?.low).toBeGreaterThan(0.3);
    expect(run.results.data.map((each) => each.case)).toEqual(['frames', 'moon', 'sunday']);
    expect(run.results.data[0]?.answer).toContain('ten years');

    const trace = await account.fetch(`/api/traces/${run.results.data[0]?.trace_id}`);
    expect(trace.status).toBe(200);
    expect(run.pipeline).toMatch(/^[0-9a-f]{16}$/);

    const scores = await account.fetch(`/api/evals/${started.id}/scores`);
    const lines = (await scores.text()).trimEnd().split('\n');
    expect(JSON.parse(lines.shift() ?? '')).toEqual({
      run: {
        dataset: expect.stringMatching(/^[0-9a-f]{64}$/),
        prompt: 'default@1',
        model: run.model,
        pipeline: run.pipeline,
        metrics: {
          gold_answer: expect.any(String),
          citation_valid: expect.any(String),
          abstained_rightly: expect.any(String),
        },
      },
    });
    expect(lines, 'three metrics of which more is better').toHaveLength(3 * 3);
    expect(lines.map((line) => JSON.parse(line))).toContainEqual({
      case: 'frames',
      metric: 'gold_answer',
      score: 1,
    });
  });

  test('PRM-2, EVL-4: a run names its model and the pipeline of its answers, and none where they came through two', async () => {
    const run = await completed((await start({ metrics: ['gold_answer'] })).id);
    const asked = await account.send('POST', '/v1/responses', {
      input: 'How long are frames guaranteed?',
      tools: [{ type: 'file_search', vector_store_ids: [store] }],
    });
    expect(run.pipeline).toBe(asked.headers.get('x-selvedge-pipeline'));
    expect(run.model).toBe((await asked.json<{ model: string }>()).model);
    // As if the run had begun before a deployment.
    await env.DB.batch([
      env.DB.prepare("DELETE FROM evaluation_results WHERE run_id = ? AND case_id = 'frames'").bind(run.id),
      env.DB.prepare("UPDATE evaluation_runs SET pipeline = 'before' WHERE id = ?").bind(run.id),
    ]);
    expect((await read(run.id)).pipeline).toBe('before');
    await deliver('selvedge-evaluations', run.id, ['frames']);
    expect(await read(run.id)).toMatchObject({
      pipeline: null,
      model: run.model,
      counts: { done: 3, errors: 0 },
    });
  });

  test('EVL-2: delivered three times more, every count and cost stays as it was', async () => {
    const run = await completed((await start()).id);
    const [before, costs] = [await read(run.id), await evaluationCosts()];
    for (let time = 0; time < 3; time += 1) {
      const result = await deliver('selvedge-evaluations', run.id, ['frames', 'sunday', 'moon']);
      expect(result.explicitAcks).toHaveLength(3);
    }
    expect(await read(run.id)).toEqual(before);
    expect(await evaluationCosts()).toBe(costs);
  });

  test('EVL-1, EVL-3: a dead letter becomes an error, not a 0, and the run completes; a late answer replaces it', async () => {
    const run = await completed((await start()).id);
    // As if the message of `frames` had died before it was answered.
    await env.DB.batch([
      env.DB.prepare("DELETE FROM evaluation_results WHERE run_id = ? AND case_id = 'frames'").bind(run.id),
      env.DB.prepare("UPDATE evaluation_runs SET status = 'running', completed_at = NULL WHERE id = ?").bind(
        run.id,
      ),
    ]);
    await deliver('selvedge-evaluations-dead', run.id, ['frames']);
    const dead = await read(run.id);
    expect(dead).toMatchObject({ status: 'completed', counts: { done: 3, errors: 1 } });
    expect(dead.summary.find((each) => each.metric === 'gold_answer')).toMatchObject({ n: 1, errors: 1 });
    await deliver('selvedge-evaluations', run.id, ['frames']);
    expect((await read(run.id)).counts).toEqual({ total: 3, done: 3, errors: 0 });
    await deliver('selvedge-evaluations-dead', run.id, ['frames']);
    expect((await read(run.id)).counts).toEqual({ total: 3, done: 3, errors: 0 });
  });

  test('EVL-3: cases whose messages were lost are sent again, and after a day become errors', async () => {
    const run = await completed((await start()).id);
    const lose = (age: number) =>
      env.DB.batch([
        env.DB.prepare("DELETE FROM evaluation_results WHERE run_id = ?1 AND case_id = 'moon'").bind(run.id),
        env.DB.prepare('UPDATE evaluation_results SET created_at = 0 WHERE run_id = ?1').bind(run.id),
        env.DB.prepare(
          "UPDATE evaluation_runs SET status = 'running', completed_at = NULL, created_at = ?2 WHERE id = ?1",
        ).bind(run.id, Date.now() - age),
      ]);
    await lose(10 * 60_000);
    await resumeEvaluations(compose(env));
    expect((await completed(run.id)).counts).toEqual({ total: 3, done: 3, errors: 0 });
    await lose(25 * 60 * 60_000);
    await resumeEvaluations(compose(env));
    expect((await completed(run.id)).counts).toEqual({ total: 3, done: 3, errors: 1 });
  });

  test('EVL-5: the header names what metrics meant to the run, also when they mean something else by now', async () => {
    const run = await completed((await start({ metrics: ['gold_answer', 'citation_valid'] })).id);
    await env.DB.prepare(
      `UPDATE evaluation_runs SET definitions = json_set(definitions, '$.gold_answer', 'as it was; v0') WHERE id = ?`,
    )
      .bind(run.id)
      .run();
    const lines = (await (await account.fetch(`/api/evals/${run.id}/scores`)).text()).split('\n');
    expect(JSON.parse(lines[0] ?? '').run.metrics).toEqual({
      gold_answer: 'as it was; v0',
      citation_valid: 'every citation at its offsets; v1',
    });
  });

  test('a case that can never be answered is an error with its reason', async () => {
    await account.send('POST', '/api/prompts/lost-model/versions', {
      instructions: 'x',
      model: 'no-such-model',
    });
    const run = await completed((await start({ prompt_version: 'lost-model', metrics: ['gold_answer'] })).id);
    expect(run).toMatchObject({ prompt_version: 'lost-model@1', model: null, pipeline: null });
    expect(run).toMatchObject({ counts: { done: 3, errors: 3 } });
    expect(run.results.data[0]?.error).toContain('no-such-model');
    expect(run.summary).toMatchObject([
      { metric: 'gold_answer', n: 0, errors: 3, mean: null, interval: null },
    ]);
  });

  test('a run stops spending at the budget of the key that started it', async () => {
    const made = await account.send('POST', '/api/keys', {
      name: 'poor',
      tenant: account.tenantId,
      scopes: ['read', 'evals'],
      budgets: { total_usd: 1e-9 },
    });
    const poor = new Account((await made.json<{ key: string }>()).key, account.tenantId);
    const body = { dataset: await dataset(), vector_store_ids: [store] };
    const { id } = await (await poor.send('POST', '/api/evals', body)).json<Run>();
    const run = await completed(id);
    expect(run.counts).toEqual({ total: 3, done: 3, errors: 3 });
    expect(run.results.data[0]?.error).toContain("budget 'total_usd'");
  });

  test('what a run needs must be there and be the tenant’s own', async () => {
    const other = await newTenant();
    const foreign = await dataset(other);
    for (const [body, param] of [
      [{ dataset: foreign, vector_store_ids: [store] }, 'dataset'],
      [{ dataset: await dataset(), vector_store_ids: ['vs_nowhere'] }, 'vector_store_ids[0]'],
      [
        { dataset: await dataset(), vector_store_ids: [store], prompt_version: 'default@7' },
        'prompt_version',
      ],
    ] as const) {
      const response = await account.send('POST', '/api/evals', body);
      expect([response.status, await response.json()]).toMatchObject([404, { param }]);
    }
    const run = await start();
    expect((await other.fetch(`/api/evals/${run.id}`)).status).toBe(404);
    expect((await other.fetch(`/api/evals/${run.id}/scores`)).status).toBe(404);
    expect((await account.fetch(`/api/datasets/${foreign}/cases`)).status).toBe(404);
    const writer = await newTenant(['read', 'write']);
    expect((await writer.send('POST', '/api/datasets', { name: 'x', cases })).status).toBe(403);
  });

  test('a store named twice and a cursor that no page gave out are refused', async () => {
    const twice = { dataset: await dataset(), vector_store_ids: [store, store] };
    const refused = await account.send('POST', '/api/evals', twice);
    expect([refused.status, await refused.json()]).toMatchObject([400, { param: 'vector_store_ids[1]' }]);
    const lists = ['/api/datasets', '/api/evals', '/api/feedback', `/api/datasets/${twice.dataset}/cases`];
    for (const list of [...lists, '/api/agents/runs', '/api/interrupts', '/api/traces']) {
      const response = await account.fetch(`${list}?after=yesterday`);
      expect([list, response.status, await response.json()]).toMatchObject([list, 400, { param: 'after' }]);
    }
  });

  test.each([
    [{ name: ' ', cases: [{ question: 'q', answers: [] }] }, 'name'],
    [{ name: 'x', cases: [{ question: ' ', answers: [] }] }, 'cases[0].question'],
    [{ name: 'x', cases: [] }, 'cases'],
    [{ name: 'x', cases: [{ question: 'q' }] }, 'cases[0].answers'],
    [{ name: 'x', cases: [{ question: 'q', answers: [], weight: 1 }] }, 'cases[0].weight'],
    [{ name: 'x', cases: [1, 2].map(() => ({ id: 'same', question: 'q', answers: [] })) }, 'cases[1].id'],
  ])('a bad dataset is refused naming the field: %#', async (body, param) => {
    const response = await account.send('POST', '/api/datasets', body);
    expect([response.status, await response.json()]).toMatchObject([400, { param }]);
  });

  test('datasets and their cases are listed page by page, and equal cases have equal hashes', async () => {
    const owner = await newTenant();
    const ids = [await dataset(owner), await dataset(owner)];
    const list = await (await owner.fetch('/api/datasets?limit=1')).json<{
      data: { id: string; hash: string; size: number }[];
      next: string;
    }>();
    const rest = await (await owner.fetch(`/api/datasets?after=${list.next}`)).json<typeof list>();
    expect([...list.data, ...rest.data].map((each) => each.id).sort()).toEqual(ids.sort());
    expect(list.data[0]?.hash).toBe(rest.data[0]?.hash);
    expect(await (await owner.fetch(`/api/datasets/${ids[0]}/cases`)).json()).toMatchObject({ data: cases });
  });
});
