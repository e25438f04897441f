import { describe, expect, test } from 'vitest';
import type { AnswerEvent } from '../../core/answer/request.ts';
import { Failure } from '../../core/failure.ts';
import { responseEvents, type Translation } from '../../workers/http/response-events.ts';

const translation: Translation = {
  random: (bytes) => bytes,
  base: { id: 'resp_1', object: 'response' },
  includeResults: false,
  usage: () => ({ input_tokens: 1, cost_usd: 0.5 }),
  finished: async () => undefined,
  internalMessage: 'Something went wrong on our side.',
};

async function* broken(error: Error): AsyncGenerator<AnswerEvent> {
  yield { type: 'text', delta: 'Frames last ' };
  throw error;
}

async function read(error: Error) {
  const events: Record<string, unknown>[] = [];
  let thrown: unknown = null;
  try {
    for await (const { data } of responseEvents(broken(error), translation)) {
      events.push(JSON.parse(data) as Record<string, unknown>);
    }
  } catch (caught) {
    thrown = caught;
  }
  return { events, thrown };
}

describe('an answer that fails in the middle of its stream', () => {
  test('ends with response.failed, numbered on, with what it cost', async () => {
    const failure = new Failure('upstream_failed', 'The answer of the model broke off.');
    const { events, thrown } = await read(failure);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, place) => place));
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      response: {
        status: 'failed',
        error: { code: 'upstream_failed', message: 'The answer of the model broke off.' },
        usage: { cost_usd: 0.5 },
      },
    });
    expect(thrown).toBe(failure);
  });

  test('says nothing of a bug but that there was one', async () => {
    const { events } = await read(new TypeError('secret of the house'));
    expect(JSON.stringify(events)).not.toContain('secret');
    expect(events.at(-1)).toMatchObject({ response: { error: { code: 'server_error' } } });
  });
});
