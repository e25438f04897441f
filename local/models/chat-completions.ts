import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ChatEngine, ChatSettings, Said } from './chat-engine.ts';
import { type ChatBody, formOf, historyOf } from './chat-request.ts';
import { Refusal } from './refusal.ts';

/** When the caller names no limit. A small model may otherwise talk to the end of its context. */
const defaultMaxTokens = 512;

/** `POST /v1/chat/completions`, whole or as server-sent events. */
export async function chatCompletions(
  body: ChatBody,
  engine: ChatEngine,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const form = formOf(body);
  const history = historyOf(body.messages);
  const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: body.model };
  const say = (onText: (text: string) => void): Promise<Said> =>
    engine.say(history, form, settingsOf(body), onText, signal);

  if (body.stream !== true) {
    const said = await say(() => {});
    const answer = {
      ...head,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: said.calls.length > 0 && said.text === '' ? null : said.text,
            refusal: null,
            ...(said.calls.length === 0 ? {} : { tool_calls: toolCalls(said) }),
          },
          logprobs: null,
          finish_reason: said.stopped,
        },
      ],
      usage: usageOf(said),
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    return;
  }

  const send = (data: object): void => {
    if (!response.headersSent) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    }
    response.write(`data: ${JSON.stringify(data)}\n\n`);
  };
  const chunk = (delta: object, finish: Said['stopped'] | null = null): object => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  let begun = false;
  const begin = (): void => {
    if (!begun) send(chunk({ role: 'assistant', content: '' }));
    begun = true;
  };
  try {
    const said = await say((text) => {
      if (text === '') return;
      begin();
      send(chunk({ content: text }));
    });
    begin();
    toolCalls(said).forEach((call, index) => {
      send(chunk({ tool_calls: [{ index, ...call }] }));
    });
    send(chunk({}, said.stopped));
    if (body.stream_options?.include_usage === true) {
      send({ ...head, object: 'chat.completion.chunk', choices: [], usage: usageOf(said) });
    }
    response.end('data: [DONE]\n\n');
  } catch (error) {
    // Once the status is out, an error can only be said as an event, as OpenAI does.
    if (!response.headersSent || signal.aborted) throw error;
    const refusal =
      error instanceof Refusal ? error : new Refusal(500, 'internal_error', 'The local model failed.');
    if (!(error instanceof Refusal)) console.error(error);
    send(refusal.body() as object);
    response.end();
  }
}

const toolCalls = (said: Said) =>
  said.calls.map((call) => ({ id: `call_${randomUUID()}`, type: 'function', function: call }));

const usageOf = (said: Said) => ({
  prompt_tokens: said.promptTokens,
  completion_tokens: said.completionTokens,
  total_tokens: said.promptTokens + said.completionTokens,
});

/** Greedy unless asked otherwise: a small model strays soon enough by itself. */
const settingsOf = (body: ChatBody): ChatSettings => ({
  maxTokens: body.max_completion_tokens ?? body.max_tokens ?? defaultMaxTokens,
  temperature: body.temperature ?? 0,
  topP: body.top_p ?? 1,
  seed: body.seed ?? null,
  frequencyPenalty: body.frequency_penalty ?? 0,
  presencePenalty: body.presence_penalty ?? 0,
  stop: body.stop == null ? [] : [body.stop].flat(),
});
