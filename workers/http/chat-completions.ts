import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { answer } from '../../core/answer/answer.ts';
import type { AnswerEvent } from '../../core/answer/request.ts';
import { seconds } from '../../core/clock.ts';
import { invalid } from '../../core/failure.ts';
import { newId } from '../../core/identifier.ts';
import type { JsonAnswer } from '../../core/models/chat.ts';
import { inDialect } from '../../core/models/request-fields.ts';
import { answering, answerRequest, withoutSystem } from './answer-request.ts';
import { needs } from './authentication.ts';
import { chatChunks, finishReason, shownToolCall } from './chat-chunks.ts';
import { type ChatBody, chatBody, conversationOf, passedOnOf } from './chat-input.ts';
import type { Context, Routes } from './context.ts';
import { eventStream } from './event-stream.ts';
import { chatFields } from './field-names.ts';
import { firstTokens } from './first-token.ts';
import { shownCitation } from './response-events.ts';
import { rankingOf } from './search-options.ts';
import { spent } from './spent.ts';
import { functionTool, jsonAnswer, toolChoice } from './tools.ts';
import { jsonBody } from './validation.ts';

export const chatCompletions = new Hono<Routes>().post(
  '/',
  needs('read'),
  describeRoute({
    summary: 'Answer a conversation; with `vector_store_ids`, from documents',
    tags: ['answers'],
  }),
  jsonBody(chatBody),
  async (c) => complete(c, c.req.valid('json')),
);

async function complete(c: Context, body: ChatBody): Promise<Response> {
  const { services, scope, trace } = c.var;
  if (body.stream !== true && body.stream_options != null) {
    throw invalid('stream_options', "'stream_options' only goes with 'stream': true.");
  }
  const request = await answerRequest(c, asked(body));
  const base = {
    id: newId('chatcmpl', services.random),
    created: seconds(services.clock()),
    model: request.model.name,
  };
  const events = firstTokens(inDialect(answer(answering(c), scope, request, trace.root), chatFields), trace);
  if (body.stream !== true) return c.json({ ...base, ...(await whole(events)), usage: usageOf(c) });
  const frame = {
    base,
    usage: body.stream_options?.include_usage === true ? () => usageOf(c) : null,
    internalMessage: `Something went wrong on our side. Quote the request id ${c.var.requestId} when you report it.`,
  };
  return eventStream(c, chatChunks(events, frame));
}

async function whole(events: AsyncIterable<AnswerEvent>) {
  let content = '';
  let refusal = '';
  let reasoning = '';
  let reason = 'stop';
  const annotations: unknown[] = [];
  const calls: unknown[] = [];
  for await (const event of events) {
    if (event.type === 'text') content += event.delta;
    if (event.type === 'refusal') refusal += event.delta;
    if (event.type === 'reasoning') reasoning += event.delta;
    if (event.type === 'citation') annotations.push(shownCitation(event.citation));
    if (event.type === 'tool-call') calls.push(shownToolCall(event));
    if (event.type === 'finished') reason = finishReason(event.reason);
  }
  const message = {
    role: 'assistant',
    content: content === '' && (calls.length > 0 || refusal !== '') ? null : content,
    refusal: refusal === '' ? null : refusal,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    annotations,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: reason }],
  };
}

function asked(body: ChatBody) {
  const { messages, system } = withoutSystem(conversationOf(body.messages));
  const tools = body.tools.map((tool) => functionTool(tool.function));
  const choice = body.tool_choice ?? null;
  if (body.vector_store_ids !== undefined && tools.length > 0) {
    throw invalid('tools', "'tools' beside 'vector_store_ids' is not supported yet.");
  }
  if (choice !== null && tools.length === 0) {
    throw invalid('tool_choice', "'tool_choice' only goes with 'tools'.");
  }
  if (body.max_tokens != null && body.max_completion_tokens != null) {
    throw invalid('max_tokens', "'max_tokens' and 'max_completion_tokens' are the same limit: give one.");
  }
  for (const option of ['max_num_results', 'filters', 'ranking_options'] as const) {
    if (body[option] != null && body.vector_store_ids === undefined) {
      throw invalid(option, `'${option}' only goes with 'vector_store_ids'.`);
    }
  }
  return {
    model: body.model ?? null,
    prompt: null,
    instructions: system.length === 0 ? null : system.join('\n\n'),
    messages,
    documents:
      body.vector_store_ids === undefined
        ? null
        : {
            vectorStoreIds: body.vector_store_ids,
            filter: body.filters ?? null,
            limit: body.max_num_results ?? null,
            ...rankingOf(body.ranking_options),
          },
    storesParam: 'vector_store_ids',
    maxOutputTokens: body.max_completion_tokens ?? body.max_tokens ?? null,
    temperature: body.temperature ?? null,
    topP: body.top_p ?? null,
    stop: typeof body.stop === 'string' ? [body.stop] : (body.stop ?? []),
    seed: body.seed ?? null,
    tools,
    toolChoice: toolChoice(typeof choice === 'string' ? choice : (choice?.function ?? null), tools),
    json: jsonOf(body.response_format),
    passedOn: passedOnOf(body),
  };
}

function jsonOf(format: ChatBody['response_format']): JsonAnswer | null {
  switch (format?.type) {
    case 'json_schema':
      return jsonAnswer(format.json_schema);
    case 'json_object':
      return jsonAnswer({ name: 'answer' });
    default:
      return null;
  }
}

function usageOf(c: Context) {
  const { input, output, cached, costUsd } = spent(c.var.trace);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    cost_usd: costUsd,
  };
}
