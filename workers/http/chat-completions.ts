import { Hono } from 'hono';
import {
  ChatCompletion,
  type ChatFinishReason,
  type ChatMessage,
  ChatStreamEvent,
  type ChatToolCall,
  type ChatUsage,
  type UrlCitation,
} from '../../contract/chat-completions.ts';
import { CreateChatCompletionRequest } from '../../contract/chat-request.ts';
import { chatFields as fieldPolicy } from '../../contract/field-policy.ts';
import { exampleCompletion } from '../../contract/openai-examples.ts';
import { chatRequest } from '../../contract/openai-request-examples.ts';
import type { FileCitation } from '../../contract/response.ts';
import { type NamedRequest, prepareAnswer } from '../../core/answer/prepare.ts';
import type { AnswerEvent } from '../../core/answer/request.ts';
import { seconds } from '../../core/clock.ts';
import { invalid } from '../../core/failure.ts';
import { asId, newId, type VectorStoreId } from '../../core/identifier.ts';
import type { JsonAnswer } from '../../core/models/chat.ts';
import { withoutOpening } from '../../core/models/conversation.ts';
import { inDialect } from '../../core/models/request-fields.ts';
import { inDollars } from '../../core/telemetry/money.ts';
import type { Totals } from '../../core/telemetry/trace.ts';
import { applyPolicy, withIgnored } from './apply-policy.ts';
import { needs } from './authentication.ts';
import { chatChunks, finishReason, serializeToolCall, serializeUrlCitation } from './chat-chunks.ts';
import { conversationOf } from './chat-input.ts';
import type { Context, Routes } from './context.ts';
import { internalMessage } from './errors.ts';
import { eventStream } from './event-stream.ts';
import { chatFields } from './field-names.ts';
import { serializeCitation } from './file-citation.ts';
import { operation } from './operation.ts';
import { rankingOf } from './search-options.ts';
import { type FunctionChoice, functionTool, jsonAnswer, requireTool, toolChoice } from './tools.ts';
import { jsonBody } from './validation.ts';

export const chatCompletions = new Hono<Routes>().post(
  '/',
  needs('read'),
  operation({
    summary: 'Answer a conversation; with `vector_store_ids`, from documents',
    description:
      'The body, the object and the chunks of OpenAI’s Chat Completions. With documents, `citations` has the quotes ' +
      'in the order of `annotations`; `usage` also has `cost_usd`. Fields without effect here are named in the header ' +
      '`x-selvedge-ignored`.',
    tag: 'answers',
    request: chatRequest,
    answers: { 200: { schema: ChatCompletion, example: exampleCompletion } },
    streams: ChatStreamEvent,
  }),
  jsonBody(CreateChatCompletionRequest),
  async (c) => complete(c, c.req.valid('json')),
);

async function complete(c: Context, body: CreateChatCompletionRequest): Promise<Response> {
  const { services, trace, key, meter } = c.var;
  const needsBound = Object.keys(key.budgets).length > 0;
  const prepared = await prepareAnswer(services, meter.work, { ...toNamed(body), needsBound });
  const base = {
    id: newId('chatcmpl', services.random),
    created: seconds(services.clock()),
    model: prepared.request.model.name,
  };
  const { origin } = new URL(c.req.url);
  const events = withIgnored(c, inDialect(prepared.events, chatFields), chatFields, prepared.ignored);
  if (!body.stream) {
    const choice = await wholeChoice(events, origin);
    return c.json<ChatCompletion>({
      ...base,
      object: 'chat.completion',
      choices: [choice],
      usage: serializeUsage(trace.totals),
    });
  }
  const frame = {
    base,
    usage: body.stream_options?.include_usage === true ? () => serializeUsage(trace.totals) : null,
    origin,
    internalMessage: internalMessage(c.var.requestId),
  };
  return eventStream(c, chatChunks(events, frame));
}

async function wholeChoice(
  events: AsyncIterable<AnswerEvent>,
  origin: string,
): Promise<ChatCompletion['choices'][number]> {
  let content = '';
  let refusal = '';
  let reasoning = '';
  let reason: ChatFinishReason = 'stop';
  const annotations: UrlCitation[] = [];
  const citations: FileCitation[] = [];
  const calls: ChatToolCall[] = [];
  for await (const event of events) {
    if (event.type === 'text') content += event.delta;
    if (event.type === 'refusal') refusal += event.delta;
    if (event.type === 'reasoning') reasoning += event.delta;
    if (event.type === 'citation') {
      citations.push(serializeCitation(event.citation));
      annotations.push(serializeUrlCitation(event.citation, citations.length, origin));
    }
    if (event.type === 'tool-call') calls.push(serializeToolCall(event));
    if (event.type === 'finished') reason = finishReason(event.reason);
  }
  const message: ChatMessage = {
    role: 'assistant',
    content: content === '' && (calls.length > 0 || refusal !== '') ? null : content,
    refusal: refusal === '' ? null : refusal,
    annotations,
    ...(citations.length === 0 ? {} : { citations }),
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return { index: 0, message, logprobs: null, finish_reason: reason };
}

function toNamed(body: CreateChatCompletionRequest): NamedRequest {
  const extras = applyPolicy(fieldPolicy, body);
  if (!body.stream && body.stream_options?.include_usage === true) {
    throw invalid('stream_options', "'stream_options' only goes with 'stream': true.");
  }
  const { messages, opening } = withoutOpening(conversationOf(body.messages));
  const { max_tokens: older = body.max_completion_tokens, max_completion_tokens: limit = older } = body;
  if (older !== limit) {
    throw invalid(
      'max_tokens',
      "'max_tokens' and 'max_completion_tokens' are one limit: give one, or the same twice.",
    );
  }
  for (const option of ['max_num_results', 'filters', 'ranking_options'] as const) {
    if (body[option] !== undefined && body.vector_store_ids === undefined) {
      throw invalid(option, `'${option}' only goes with 'vector_store_ids'.`);
    }
  }
  const tools = toolsOf(body);
  // Whoever names the one function to call wants nothing of the documents yet.
  const isSearched = body.vector_store_ids !== undefined && tools.toolChoice?.type !== 'tool';
  return {
    model: body.model ?? null,
    instructions: opening.length === 0 ? null : opening.join('\n\n'),
    messages,
    documents:
      body.vector_store_ids === undefined || !isSearched
        ? null
        : {
            vectorStoreIds: body.vector_store_ids.map(asId<VectorStoreId>),
            filter: body.filters ?? null,
            limit: body.max_num_results ?? null,
            ...rankingOf(body.ranking_options),
          },
    storesParam: 'vector_store_ids',
    maxOutputTokens: limit ?? null,
    temperature: body.temperature ?? null,
    topP: body.top_p ?? null,
    stop: typeof body.stop === 'string' ? [body.stop] : (body.stop ?? []),
    seed: body.seed ?? null,
    ...tools,
    json: jsonOf(body.response_format),
    extras,
  };
}

/** What may be used of the tools, by `tool_choice`. */
function toolsOf(body: CreateChatCompletionRequest): Required<Pick<NamedRequest, 'tools' | 'toolChoice'>> {
  const choice = body.tool_choice;
  const all = body.tools.map((tool) => functionTool(tool.function));
  if (all.length === 0) {
    // `auto` is the default and `none` is what happens: both ask for nothing.
    if (choice === undefined || choice === 'auto' || choice === 'none')
      return { tools: [], toolChoice: null };
    throw invalid('tool_choice', "'tool_choice' asks for a tool that is not among the tools.");
  }
  const allowed = typeof choice === 'object' && choice.type === 'allowed_tools' ? choice.allowed_tools : null;
  const names = allowed?.tools.map((tool) => tool.function.name);
  for (const name of names ?? []) requireTool(name, all);
  const tools = names === undefined ? all : all.filter(({ name }) => names.includes(name));
  return { tools, toolChoice: toolChoice(functionChoice(choice), tools) };
}

function functionChoice(choice: CreateChatCompletionRequest['tool_choice']): FunctionChoice {
  if (choice === undefined) return null;
  if (typeof choice === 'string') return choice;
  return choice.type === 'allowed_tools' ? choice.allowed_tools.mode : choice.function;
}

function jsonOf(format: CreateChatCompletionRequest['response_format']): JsonAnswer | null {
  switch (format?.type) {
    case 'json_schema':
      return jsonAnswer(format.json_schema, 'response_format.json_schema.schema');
    case 'json_object':
      return jsonAnswer({ name: 'answer' }, 'response_format');
    default:
      return null;
  }
}

const serializeUsage = ({
  inputTokens,
  outputTokens,
  cacheReadTokens,
  reasoningTokens,
  cost,
}: Totals): ChatUsage => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
  prompt_tokens_details: { cached_tokens: cacheReadTokens },
  completion_tokens_details: { reasoning_tokens: reasoningTokens },
  cost_usd: inDollars(cost),
});
