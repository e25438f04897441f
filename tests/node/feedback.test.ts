import { describe, expect, test } from 'vitest';
import { d1Feedback } from '../../adapters/d1-feedback.ts';
import { d1Requests } from '../../adapters/d1-requests.ts';
import { d1Responses } from '../../adapters/d1-responses.ts';
import { d1Usage } from '../../adapters/d1-usage.ts';
import { type FeedbackDependencies, giveFeedback, listFeedback } from '../../core/evaluate/feedback.ts';
import { asId, newId, systemRandom, type TenantId, type TraceId } from '../../core/identifier.ts';
import type { Scope } from '../../core/scope.ts';
import { recordOf } from '../../core/telemetry/record.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import { d1OnNode, tenantIn } from './d1-on-node.ts';

const scopeOf = (tenantId: TenantId): Scope => ({ tenantId, keyId: newId('key'), scopes: [] });
const opinion = { score: 1, comment: null, correction: null };

async function bench() {
  const database = d1OnNode('main');
  let now = 1_000;
  const deps: FeedbackDependencies = {
    feedback: d1Feedback(database),
    responses: d1Responses(database),
    usage: d1Usage(database),
    clock: () => now++,
    random: systemRandom,
  };
  const scope = scopeOf(await tenantIn(database));
  /** An answered request, as it is written down when it has ended. */
  const request = async (): Promise<TraceId> => {
    const trace = new Trace('request', deps);
    const ending = { requestId: newId('req'), route: 'POST /v1/responses', status: 200, prices: 'test' };
    await d1Requests(database).write(recordOf(trace, scope, ending));
    return trace.traceId;
  };
  const response = async (traceId: TraceId) => {
    const id = newId('resp');
    await deps.responses.save(scope.tenantId, {
      id,
      previousId: null,
      traceId,
      model: 'writer',
      promptVersion: 'default@2',
      question: 'How long?',
      answer: 'Ten years.',
      turn: [
        { role: 'user', content: [{ type: 'text', text: 'How long?' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'Ten years.' }] },
      ],
      body: {},
      createdAt: now,
    });
    return id;
  };
  const other = scopeOf(await tenantIn(database));
  return { deps, scope, other, request, response };
}

describe('feedback', () => {
  test('by trace or by response it is the same answer, listed with its conversation', async () => {
    const { deps, scope, request, response } = await bench();
    const traceId = await request();
    const responseId = await response(traceId);
    const byTrace = await giveFeedback(deps, scope, { traceId }, { ...opinion, score: -1 });
    const byResponse = await giveFeedback(deps, scope, { responseId }, opinion);
    expect([byTrace, byResponse]).toMatchObject(Array(2).fill({ traceId, responseId, keyId: scope.keyId }));
    const { data } = await listFeedback(deps, scope.tenantId, { limit: 10, after: null });
    expect(data.map(({ score }) => score)).toEqual([1, -1]);
    expect(data[0]).toMatchObject({
      promptVersion: 'default@2',
      messages: [
        { role: 'user', content: 'How long?' },
        { role: 'assistant', content: 'Ten years.' },
      ],
    });
  });

  test('an answer that was not stored, or is gone, is rated without its text', async () => {
    const { deps, scope, request, response } = await bench();
    const unstored = await giveFeedback(deps, scope, { traceId: await request() }, opinion);
    expect(unstored.responseId).toBeNull();
    const responseId = await response(await request());
    await giveFeedback(deps, scope, { responseId }, opinion);
    await deps.responses.remove(scope.tenantId, responseId);
    const { data } = await listFeedback(deps, scope.tenantId, { limit: 10, after: null });
    expect(data.map(({ messages, promptVersion }) => [messages, promptVersion])).toEqual([
      [[], null],
      [[], null],
    ]);
  });

  test('what is not there, or is another tenant’s, is not found under the name that it was given', async () => {
    const { deps, scope, other, request, response } = await bench();
    const traceId = await request();
    const responseId = await response(traceId);
    const nowhere = { responseId: newId('resp') };
    await expect(giveFeedback(deps, scope, nowhere, opinion)).rejects.toMatchObject({
      code: 'not_found',
      details: { param: 'response_id' },
    });
    for (const judged of [{ traceId: asId<TraceId>('0'.repeat(32)) }]) {
      await expect(giveFeedback(deps, scope, judged, opinion)).rejects.toMatchObject({
        code: 'not_found',
        details: { param: 'trace_id' },
      });
    }
    for (const judged of [{ traceId }, { responseId }]) {
      await expect(giveFeedback(deps, other, judged, opinion)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect((await listFeedback(deps, other.tenantId, { limit: 10, after: null })).data).toEqual([]);
  });

  test('pages go on where the last one ended', async () => {
    const { deps, scope, request } = await bench();
    const traceId = await request();
    for (let given = 0; given < 7; given += 1) {
      await giveFeedback(deps, scope, { traceId }, { ...opinion, comment: `${given}` });
    }
    const seen: (string | null)[] = [];
    for (let after: string | null = null; ; ) {
      const page = await listFeedback(deps, scope.tenantId, { limit: 3, after });
      seen.push(...page.data.map(({ comment }) => comment));
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen).toEqual(['6', '5', '4', '3', '2', '1', '0']);
  });
});
