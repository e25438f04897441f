import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { answer } from '../../core/answer/answer.ts';
import type { AnswerRequest } from '../../core/answer/request.ts';
import { seconds } from '../../core/clock.ts';
import { Failure, invalid, notFound } from '../../core/failure.ts';
import { newId } from '../../core/identifier.ts';
import { type Message, textOf } from '../../core/models/conversation.ts';
import { inDialect } from '../../core/models/request-fields.ts';
import { promptVersionName } from '../../core/prompts/prompt.ts';
import { answering, answerRequest, textMessage, withoutSystem } from './answer-request.ts';
import { needs } from './authentication.ts';
import type { Context, Routes } from './context.ts';
import { eventStream } from './event-stream.ts';
import { responsesFields } from './field-names.ts';
import { firstTokens } from './first-token.ts';
import { responseEvents, type Said, type Translation } from './response-events.ts';
import { conversationOf, type ResponseBody, responseBody } from './response-input.ts';
import { rankingOf } from './search-options.ts';
import { spent } from './spent.ts';
import { functionTool, jsonAnswer, parsedArguments, toolChoice } from './tools.ts';
import { jsonBody, queryString } from './validation.ts';

const stored = z.strictObject({
  stream: z.literal('false', 'resuming a stream is not supported yet').optional(),
});

export const responses = new Hono<Routes>()
  .post(
    '/',
    needs('read'),
    describeRoute({
      summary: 'Answer, from documents with `file_search` or by the model alone',
      description:
        'The body, the object and the events of OpenAI’s Responses API. Every `file_citation` also has `quote`, ' +
        '`page`, `start` and `end`; `usage` also has `cost_usd`.',
      tags: ['answers'],
    }),
    jsonBody(responseBody),
    async (c) => respond(c, c.req.valid('json')),
  )
  .get(
    '/:id',
    needs('read'),
    describeRoute({ summary: 'A stored response', tags: ['answers'] }),
    queryString(stored),
    async (c) => {
      const { services, scope } = c.var;
      const id = c.req.param('id');
      const found = await services.responses.find(scope, id);
      if (found === null) throw notFound('response', id);
      return c.json(found.body);
    },
  )
  .delete(
    '/:id',
    needs('write'),
    describeRoute({ summary: 'Forget a response', tags: ['answers'] }),
    async (c) => {
      const id = c.req.param('id');
      if (!(await c.var.services.responses.remove(c.var.scope, id))) throw notFound('response', id);
      return c.json({ id, object: 'response', deleted: true });
    },
  );

async function respond(c: Context, body: ResponseBody): Promise<Response> {
  const { services, scope, trace } = c.var;
  const before = await earlier(c, body.previous_response_id ?? null);
  const added = conversationOf(body.input, before);
  const request = await answerRequest(c, asked(body, [...before, ...added]));
  const id = newId('resp', services.random);
  const translation: Translation = {
    random: services.random,
    base: baseOf(id, body, request, seconds(services.clock())),
    includeResults: body.include?.includes('file_search_call.results') ?? false,
    usage: () => usageOf(c),
    internalMessage: `Something went wrong on our side. Quote the request id ${c.var.requestId} when you report it.`,
    async finished(response, said) {
      if (body.store === false) return;
      await services.responses.save(scope, {
        id,
        previousId: body.previous_response_id ?? null,
        traceId: trace.traceId,
        model: request.model.name,
        promptVersion: request.prompt === null ? null : promptVersionName(request.prompt),
        question: textOf(added.filter((message) => message.role === 'user').slice(-1)),
        answer: said.text,
        turn: [...added, ...answerMessages(said)],
        body: response,
        createdAt: services.clock(),
      });
    },
  };
  const events = responseEvents(
    firstTokens(inDialect(answer(answering(c), scope, request, trace.root), responsesFields), trace),
    translation,
  );
  if (body.stream === true) return eventStream(c, events);
  let last: Readonly<Record<string, unknown>> = {};
  try {
    for await (const event of events) last = event.response ?? last;
  } catch (error) {
    // The one failure that OpenAI answers with a response object: the model answered, and not as it had to.
    if (!(error instanceof Failure && error.details.reason === 'schema_not_satisfied')) throw error;
  }
  return c.json(last);
}

async function earlier(c: Context, id: string | null): Promise<readonly Message[]> {
  if (id === null) return [];
  const messages = await c.var.services.responses.conversation(c.var.scope, id);
  if (messages === null) throw notFound('response', id, 'previous_response_id');
  return messages;
}

function asked(body: ResponseBody, conversation: readonly Message[]) {
  const { messages, system } = withoutSystem(conversation);
  const place = body.tools.findIndex((tool) => tool.type === 'file_search');
  const search = body.tools[place];
  const tools = body.tools.flatMap((tool) => (tool.type === 'function' ? [functionTool(tool)] : []));
  const other = body.tools.findIndex((tool, index) => tool.type === 'file_search' && index !== place);
  if (other !== -1) {
    const param = `tools[${other}]`;
    throw new Failure('invalid_request', `'${param}': only one file_search tool is supported.`, { param });
  }
  if (search !== undefined && tools.length > 0) {
    throw new Failure('invalid_request', 'file_search beside function tools is not supported yet.', {
      param: 'tools',
    });
  }
  const instructions = [body.instructions ?? '', ...system].filter((text) => text !== '').join('\n\n');
  const format = body.text?.format;
  const choice = body.tool_choice ?? null;
  const named = typeof choice === 'string' || choice === null || choice.type === 'function' ? choice : null;
  const searchWanted = choice !== null && named === null;
  if ((searchWanted && search === undefined) || (choice === 'required' && body.tools.length === 0)) {
    throw invalid('tool_choice', "'tool_choice' asks for a tool that is not among the tools.");
  }
  return {
    model: body.model ?? null,
    prompt:
      body.prompt == null
        ? null
        : {
            id: body.prompt.id,
            version: body.prompt.version == null ? null : Number(body.prompt.version),
            variables: body.prompt.variables ?? {},
          },
    instructions: instructions === '' ? null : instructions,
    messages,
    documents:
      search?.type !== 'file_search' || choice === 'none'
        ? null
        : {
            vectorStoreIds: search.vector_store_ids,
            filter: search.filters ?? null,
            limit: search.max_num_results ?? null,
            ...rankingOf(search.ranking_options),
          },
    storesParam: `tools[${place}].vector_store_ids`,
    maxOutputTokens: body.max_output_tokens ?? null,
    temperature: body.temperature ?? null,
    topP: body.top_p ?? null,
    stop: [],
    seed: null,
    tools,
    toolChoice: toolChoice(named, tools),
    json:
      format === undefined || format.type === 'text'
        ? null
        : jsonAnswer(format.type === 'json_object' ? { name: 'answer' } : format),
    passedOn: body.parallel_tool_calls === false ? { parallel_tool_calls: false } : {},
  };
}

const baseOf = (id: string, body: ResponseBody, request: AnswerRequest, createdAt: number) => ({
  id,
  object: 'response',
  created_at: createdAt,
  background: false,
  instructions: body.instructions ?? null,
  max_output_tokens: body.max_output_tokens ?? null,
  model: request.model.name,
  parallel_tool_calls: body.parallel_tool_calls ?? true,
  previous_response_id: body.previous_response_id ?? null,
  prompt:
    request.prompt === null
      ? null
      : {
          id: request.prompt.promptId,
          version: String(request.prompt.version),
          variables: body.prompt?.variables ?? null,
        },
  store: body.store ?? true,
  temperature: body.temperature ?? null,
  text: { format: body.text?.format ?? { type: 'text' } },
  tool_choice: body.tool_choice ?? 'auto',
  tools: body.tools,
  top_p: body.top_p ?? null,
  truncation: 'disabled',
  user: body.user ?? null,
  metadata: body.metadata ?? {},
});

function usageOf(c: Context) {
  const { input, output, cached, costUsd } = spent(c.var.trace);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
    cost_usd: costUsd,
  };
}

/** What the next turn is told that this one said: its text, and the tools that it called. */
const answerMessages = ({ text, calls }: Said): readonly Message[] => [
  ...(text === '' ? [] : [textMessage('assistant', text)]),
  ...calls.map(
    (call): Message => ({
      role: 'assistant',
      content: [
        {
          type: 'tool-call',
          toolCallId: call.id,
          toolName: call.name,
          input: parsedArguments(call.arguments),
        },
      ],
    }),
  ),
];
