import { describe, expect, test } from 'vitest';
import type { AnswerEvent } from '../../core/answer/request.ts';
import { Failure } from '../../core/failure.ts';
import { responseEvents } from '../../workers/http/response-events.ts';
import type { ResponseFrame } from '../../workers/http/response-writer.ts';

const usage = {
  input_tokens: 1,
  input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
  output_tokens: 1,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 2,
  cost_usd: 0.5,
};

const frame: ResponseFrame = {
  base: { id: 'resp_0123456789abcdef01234567', object: 'response' } as ResponseFrame['base'],
  includeResults: false,
  usage: () => usage,
  now: () => 0,
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
    for await (const { data } of responseEvents(broken(error), frame)) {
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

  test('CON-4: what was open is closed first, and what had been written is in the output', async () => {
    const { events } = await read(new Failure('upstream_failed', 'The answer of the model broke off.'));
    expect(events.slice(-4).map(({ type }) => type)).toEqual([
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.failed',
    ]);
    const message = {
      type: 'message',
      status: 'incomplete',
      content: [{ type: 'output_text', text: 'Frames last ' }],
    };
    expect(events.at(-2)).toMatchObject({ item: message });
    expect(events.at(-1)).toMatchObject({ response: { output: [message] } });
  });

  test('says nothing of a bug but that there was one', async () => {
    const { events } = await read(new TypeError('secret of the house'));
    expect(JSON.stringify(events)).not.toContain('secret');
    expect(events.at(-1)).toMatchObject({ response: { error: { code: 'server_error' } } });
  });
});
