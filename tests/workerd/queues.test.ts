import { createExecutionContext, createMessageBatch, env, getQueueResult } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { Failure, failureCodes } from '../../core/failure.ts';
import worker from '../../workers/index.ts';
import { settlementOf } from '../../workers/queues/settlement.ts';
import { type Account, newTenant } from './access.ts';

describe('the fate of a message', () => {
  test('every failure is either worth another try or final', () => {
    const retried = failureCodes.filter((code) => settlementOf(new Failure(code, ''), 1).kind === 'retry');
    expect(retried).toEqual([
      'rate_limit_exceeded',
      'upstream_failed',
      'upstream_unavailable',
      'upstream_timeout',
    ]);
  });

  test('it comes later each time, at least as late as asked, and within two minutes', () => {
    const delays = (error: unknown) =>
      [1, 2, 3, 7, 100].map((attempt) => {
        const settlement = settlementOf(error, attempt);
        return settlement.kind === 'retry' ? settlement.delaySeconds : null;
      });
    expect(delays(new TypeError('a bug, which a deploy may heal'))).toEqual([2, 4, 8, 120, 120]);
    expect(delays(new Failure('upstream_unavailable', '', { retryAfter: 7 }))).toEqual([7, 7, 8, 120, 120]);
    expect(delays(new Failure('rate_limit_exceeded', '', { retryAfter: 3_600 }))).toEqual([
      120, 120, 120, 120, 120,
    ]);
  });
});

/** Written into the database, because no run that is started through the door stays open without its queue. */
async function openRun(account: Account, cases: readonly string[]): Promise<string> {
  const { tenantId } = account;
  const [dataset, run] = [`ds_${tenantId}`, `eval_${tenantId}`];
  const keyId = tenantId.replace('tenant', 'key');
  await env.DB.batch([
    env.DB.prepare("INSERT INTO datasets VALUES (?, ?, 'd', 'h', ?, 0)").bind(
      dataset,
      tenantId,
      cases.length,
    ),
    ...cases.map((id, position) =>
      env.DB.prepare("INSERT INTO dataset_cases VALUES (?, ?, ?, ?, 'Why?', '[]')").bind(
        tenantId,
        dataset,
        position,
        id,
      ),
    ),
    env.DB.prepare(
      `INSERT INTO evaluation_runs VALUES (?, ?, ?, ?, 'default', 1, '["vs_000000000000000000000000"]', '["gold_answer"]', ?, 'running', ?, NULL, NULL, NULL, '{}')`,
    ).bind(run, tenantId, keyId, dataset, cases.length, Date.now()),
  ]);
  return run;
}

async function deliver(queue: string, bodies: readonly unknown[], environment = env) {
  const messages = bodies.map((body, at) => ({ id: `m${at}`, timestamp: new Date(0), attempts: 1, body }));
  const batch = createMessageBatch(queue, messages);
  await worker.queue(batch, environment);
  return getQueueResult(batch, createExecutionContext());
}

interface Results {
  readonly status: string;
  readonly counts: { readonly done: number; readonly errors: number };
  readonly results: { readonly data: readonly { case: string; error: string | null }[] };
}

const read = async (account: Account, run: string) =>
  (await account.fetch(`/api/evals/${run}`)).json<Results>();

describe('a batch of evaluations', () => {
  test('what cannot be read is done; what names nothing is done; the rest is answered or becomes an error', async () => {
    const account = await newTenant();
    const run = await openRun(account, ['a', 'b']);
    const { tenantId } = account;
    const result = await deliver('selvedge-evaluations', [
      null,
      { tenantId, runId: run },
      { tenantId: 5, runId: run, caseId: 'a' },
      { tenantId, runId: 'eval_nowhere', caseId: 'a' },
      { tenantId: 'tenant_other', runId: run, caseId: 'a' },
      { tenantId, runId: run, caseId: 'no-such-case' },
      { tenantId, runId: run, caseId: 'b' },
    ]);
    expect(result.explicitAcks).toHaveLength(7);
    const open = await read(account, run);
    expect(open).toMatchObject({ status: 'running', counts: { done: 1 } });
    expect(open.results.data).toMatchObject([{ case: 'b', error: expect.stringContaining('vector store') }]);
  });

  test('a message whose work fails takes no other with it, alive or dead', async () => {
    for (const queue of ['selvedge-evaluations', 'selvedge-evaluations-dead']) {
      const account = await newTenant();
      const run = await openRun(account, ['bad', 'good']);
      const { tenantId } = account;
      await env.DB.prepare("UPDATE dataset_cases SET answers = 'no JSON' WHERE tenant_id = ? AND id = 'bad'")
        .bind(tenantId)
        .run();
      const result = await deliver(
        queue,
        ['bad', 'good'].map((caseId) => ({ tenantId, runId: run, caseId })),
      );
      expect(result.explicitAcks, queue).toEqual(['m1']);
      expect(result.retryMessages, queue).toMatchObject([{ msgId: 'm0' }]);
      expect((await read(account, run)).results.data, queue).toMatchObject([{ case: 'good' }]);
    }
  });

  test('dead letters become errors, once, and end the run', async () => {
    const account = await newTenant();
    const run = await openRun(account, ['a', 'b']);
    const { tenantId } = account;
    const letters = ['a', 'b', 'a'].map((caseId) => ({ tenantId, runId: run, caseId }));
    expect((await deliver('selvedge-evaluations-dead', letters)).explicitAcks).toHaveLength(3);
    const before = await read(account, run);
    expect(before).toMatchObject({ status: 'completed', counts: { done: 2, errors: 2 } });
    expect(before.results.data[0]?.error).toContain('could not be answered');
  });
});

test('DEP-4: a queue may have any name; what it holds says what is done', async () => {
  const account = await newTenant();
  const run = await openRun(account, ['a', 'b']);
  const { tenantId } = account;
  const renamed = { ...env, DEAD_LETTER_QUEUES: 'acme-lost acme-cases-lost' };
  const of = (caseId: string) => [{ tenantId, runId: run, caseId }];
  expect((await deliver('acme-cases', of('a'), renamed)).explicitAcks).toEqual(['m0']);
  expect((await deliver('acme-cases-lost', of('b'), renamed)).explicitAcks).toEqual(['m0']);
  const { results } = await read(account, run);
  expect(results.data).toMatchObject([
    { case: 'a', error: expect.stringContaining('vector store') },
    { case: 'b', error: expect.stringContaining('could not be answered') },
  ]);
});

/** `DB` that is away for whatever names `value`. */
const awayFor = (value: string): D1Database =>
  new Proxy(env.DB, {
    get(database, name) {
      if (name !== 'prepare') {
        const member: unknown = Reflect.get(database, name);
        return typeof member === 'function' ? member.bind(database) : member;
      }
      return (sql: string) => {
        const statement = database.prepare(sql);
        const bind = statement.bind.bind(statement);
        statement.bind = (...values) => {
          if (values.includes(value)) throw new Error('the database is away');
          return bind(...values);
        };
        return statement;
      };
    },
  });

describe('a batch of documents', () => {
  test('a message whose work fails takes no other with it, alive or dead', async () => {
    const { tenantId } = await newTenant();
    for (const queue of ['selvedge-ingest', 'selvedge-ingest-dead']) {
      const result = await deliver(
        queue,
        ['file_bad', 'file_good'].map((fileId) => ({ tenantId, vectorStoreId: 'vs_none', fileId })),
        { ...env, DB: awayFor('file_bad') },
      );
      expect(result.explicitAcks, queue).toEqual(['m1']);
      expect(result.retryMessages, queue).toMatchObject([{ msgId: 'm0' }]);
    }
  });
});
