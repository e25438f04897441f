import { APICallError } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { callUpstream } from './upstream.ts';

const refusal = (statusCode: number, headers: Record<string, string> = {}) =>
  new APICallError({
    message: `said ${statusCode} with sk-secret`,
    url: 'https://model.test',
    requestBodyValues: {},
    statusCode,
    responseHeaders: headers,
  });

const failing = async (error: unknown) => {
  let tries = 0;
  const thrown = await callUpstream('m', 1_000, async () => {
    tries += 1;
    throw error;
  }).catch((caught: unknown) => caught);
  return { tries, thrown };
};

describe('callUpstream', () => {
  test('tries again after an overload and answers what came at last', async () => {
    let tries = 0;
    const answer = await callUpstream('m', 1_000, async () => {
      tries += 1;
      if (tries < 3) throw refusal(429);
      return 'at last';
    });
    expect([answer, tries]).toEqual(['at last', 3]);
  });

  test.each([
    [429, 'upstream_unavailable', 3],
    [503, 'upstream_unavailable', 3],
    [504, 'upstream_timeout', 3],
    [500, 'upstream_failed', 3],
    [400, 'upstream_failed', 1],
    [401, 'upstream_failed', 1],
  ])('%i becomes %s after %i tries', async (status, code, expected) => {
    const { tries, thrown } = await failing(refusal(status));
    expect(tries).toBe(expected);
    expect(thrown).toMatchObject({ name: 'Failure', code });
  });

  test("carries the upstream's request id and waiting time", async () => {
    const { thrown } = await failing(refusal(429, { 'x-request-id': 'up_1', 'retry-after': '7' }));
    expect((thrown as Failure).details).toMatchObject({ upstreamRequestId: 'up_1', retryAfter: 7 });
  });

  test.each([
    refusal(404),
    new APICallError({
      message: '5007: No such model @cf/nobody/nothing or task',
      url: 'https://model.test',
      requestBodyValues: {},
      statusCode: 400,
    }),
  ])('a model that is not there says so: %s', async (error) => {
    const { tries, thrown } = await failing(error);
    expect(tries).toBe(1);
    expect((thrown as Failure).details.reason).toBe('model_missing');
  });

  test('what a provider says about a refused key stays out of the message', async () => {
    const { thrown } = await failing(refusal(401));
    expect((thrown as Failure).message).not.toContain('sk-secret');
  });

  test('a call that never ends is a timeout, and the upstream is told', async () => {
    let signal: AbortSignal | null = null;
    const forever = (given: AbortSignal) => {
      signal = given;
      return new Promise(() => undefined);
    };
    const thrown = await callUpstream('m', 10, forever).catch((e: unknown) => e);
    expect(signal).toMatchObject({ aborted: true });
    expect(thrown).toBeInstanceOf(Failure);
    expect(thrown).toMatchObject({ code: 'upstream_timeout' });
  });

  test('a stream that has begun is left alone when its call returns', async () => {
    const signal = await callUpstream('m', 1_000, async (given) => given);
    expect(signal.aborted).toBe(false);
  });

  test('a bug is not dressed up as trouble with the model', async () => {
    const bug = new TypeError('x is undefined');
    expect((await failing(bug)).thrown).toBe(bug);
  });
});
