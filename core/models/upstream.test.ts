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
    [529, 'upstream_unavailable', 3],
    [504, 'upstream_timeout', 1],
    [500, 'upstream_failed', 3],
    [501, 'upstream_failed', 1],
    [400, 'upstream_refused', 1],
    [413, 'upstream_refused', 1],
    [422, 'upstream_refused', 1],
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

  test('MOD-2: an upstream that asks for a longer pause than ours is not asked again', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    for (const [said, least, most] of [
      ['7', 7, 7],
      [date, 50, 60],
      ['99999999', 3_600, 3_600],
    ] as const) {
      const { tries, thrown } = await failing(refusal(429, { 'retry-after': said }));
      expect(tries).toBe(1);
      const { retryAfter = 0 } = (thrown as Failure).details;
      expect(retryAfter).toBeGreaterThanOrEqual(least);
      expect(retryAfter).toBeLessThanOrEqual(most);
    }
  });

  test('MOD-2: a pause that can be waited for is waited for', async () => {
    const began = performance.now();
    const { tries } = await failing(refusal(429, { 'retry-after': '1' }));
    expect(tries).toBe(3);
    expect(performance.now() - began).toBeGreaterThan(1_900);
  });

  test('MOD-2: a quota that is used up is not asked for again', async () => {
    const error = new APICallError({
      message: 'You exceeded your current quota',
      url: 'https://model.test',
      requestBodyValues: {},
      statusCode: 429,
      responseBody: '{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}',
    });
    expect(await failing(error)).toMatchObject({ tries: 1, thrown: { code: 'upstream_unavailable' } });
  });

  test.each([
    [
      'OpenAI',
      '{"error":{"message":"Too long.","code":"context_length_exceeded","param":"messages[3].content"}}',
      { reason: 'context_length_exceeded', param: 'messages' },
      "The model 'm' refused: Too long.",
    ],
    [
      'Anthropic',
      '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens"}}',
      { reason: 'context_length_exceeded' },
      "The model 'm' refused: prompt is too long: 9 tokens",
    ],
    [
      'vLLM',
      '{"object":"error","message":"This model\'s maximum context length is 8 tokens.","type":"BadRequestError","param":null,"code":400}',
      { reason: 'context_length_exceeded' },
      "The model 'm' refused: This model's maximum context length is 8 tokens.",
    ],
    [
      'FastAPI',
      '{"detail":[{"loc":["body","min_p"],"msg":"Input should be at most 1"}]}',
      { reason: 'upstream_refused' },
      "The model 'm' refused: Input should be at most 1",
    ],
    [
      'a text with a key and control characters',
      '{"error":{"message":"bad key sk-abcdef123456 \\u0007 Bearer abc.def\\u202e","code":"bad_value","param":"max_tokens"}}',
      { reason: 'bad_value', param: 'maxOutputTokens' },
      "The model 'm' refused: bad key … …",
    ],
  ])('MOD-1: a refusal keeps its code, param and message: %s', async (_, responseBody, details, message) => {
    const error = new APICallError({
      message: 'Bad Request',
      url: 'https://model.test',
      requestBodyValues: {},
      statusCode: 400,
      responseBody,
    });
    const { tries, thrown } = await failing(error);
    expect(tries).toBe(1);
    expect(thrown).toMatchObject({ code: 'upstream_refused', details });
    expect((thrown as Failure).message).toBe(message);
  });

  test('MOD-3: what an upstream writes about its own failure is not passed on', async () => {
    for (const status of [500, 502, 401, 403]) {
      const { thrown } = await failing(refusal(status));
      expect((thrown as Failure).message).not.toContain('said');
    }
  });

  test.each([
    ["5024: JSON Mode couldn't be met", undefined, 'unprocessable', 'schema_not_satisfied'],
    [
      '5021: The estimated number of tokens exceeded this model context window',
      undefined,
      'upstream_refused',
      'context_length_exceeded',
    ],
    ["5006: Error: oneOf at '/' not met", 400, 'upstream_refused', 'upstream_refused'],
  ])("Workers AI's own codes are understood: %s", async (message, statusCode, code, reason) => {
    const error = new APICallError({
      message,
      url: 'workers-ai:binding/run/@cf/x',
      requestBodyValues: {},
      responseBody: message,
      ...(statusCode === undefined ? {} : { statusCode }),
    });
    expect((await failing(error)).thrown).toMatchObject({ code, details: { reason } });
  });

  test.each([
    refusal(404),
    new APICallError({
      message: '5007: No such model @cf/nobody/nothing or task',
      url: 'workers-ai:binding/run/@cf/nobody/nothing',
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

  test('a bug is not reported as a failure of the model', async () => {
    const bug = new TypeError('x is undefined');
    expect((await failing(bug)).thrown).toBe(bug);
  });
});
