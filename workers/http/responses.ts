import { Hono } from 'hono';
import { responseFields as fieldPolicy } from '../../contract/field-policy.ts';
import { exampleResponse } from '../../contract/openai-examples.ts';
import { responseRequest } from '../../contract/openai-request-examples.ts';
import {
  ResponseDeleted,
  type Response as ResponseObject,
  Response as ResponseSchema,
} from '../../contract/response.ts';
import { ResponseStreamEvent } from '../../contract/response-events.ts';
import {
  CreateResponseRequest,
  type FileSearchTool,
  RetrieveResponseQuery,
} from '../../contract/response-request.ts';
import { type NamedRequest, prepareAnswer } from '../../core/answer/prepare.ts';
import { seconds } from '../../core/clock.ts';
import { Failure, invalid, notFound } from '../../core/failure.ts';
import { asId, newId, type ResponseId, type VectorStoreId } from '../../core/identifier.ts';
import { type Message, textMessage, textOf, withoutOpening } from '../../core/models/conversation.ts';
import { inDialect } from '../../core/models/request-fields.ts';
import { promptVersionName } from '../../core/prompts/prompt.ts';
import { applyPolicy, withIgnored } from './apply-policy.ts';
import { needs } from './authentication.ts';
import type { Context, Routes } from './context.ts';
import { internalMessage } from './errors.ts';
import { eventStream, type ServerEvent } from './event-stream.ts';
import { responsesFields } from './field-names.ts';
import { operation } from './operation.ts';
import { responseEvents } from './response-events.ts';
import { type FindItems, type ReadInput, readInput } from './response-input.ts';
import { responseOfItem } from './response-item-id.ts';
import { serializeResponseBase, serializeResponseUsage } from './response-object.ts';
import type { ModelTurn, ResponseFrame } from './response-writer.ts';
import { rankingOf } from './search-options.ts';
import {
  type FunctionChoice,
  functionTool,
  jsonAnswer,
  parsedArguments,
  requireTool,
  toolChoice,
} from './tools.ts';
import { jsonBody, queryString } from './validation.ts';

export const responses = new Hono<Routes>()
  .post(
    '/',
    needs('read'),
    operation({
      summary: 'Answer, from documents with `file_search` or by the model alone',
      description:
        'The body, the object and the events of OpenAI’s Responses API. Every `file_citation` also has `quote`, ' +
        '`page`, `start` and `end`; `usage` also has `cost_usd`. Fields without effect here are named in the header ' +
        '`x-selvedge-ignored`.',
      tag: 'answers',
      request: responseRequest,
      answers: { 200: { schema: ResponseSchema, example: exampleResponse } },
      streams: ResponseStreamEvent,
    }),
    jsonBody(CreateResponseRequest),
    async (c) => respond(c, c.req.valid('json')),
  )
  .get(
    '/:id',
    needs('read'),
    operation({
      summary: 'Read a stored response',
      tag: 'answers',
      answers: { 200: { schema: ResponseSchema, example: exampleResponse } },
    }),
    queryString(RetrieveResponseQuery),
    async (c) => {
      const { services, scope } = c.var;
      const id = asId<ResponseId>(c.req.param('id'));
      const found = await services.responses.find(scope.tenantId, id);
      if (found === null) throw notFound('response', id);
      return c.json(found.body);
    },
  )
  .delete(
    '/:id',
    needs('write'),
    operation({
      summary: 'Delete a stored response',
      tag: 'answers',
      answers: {
        200: {
          schema: ResponseDeleted,
          example: { id: exampleResponse.id, object: 'response', deleted: true },
        },
      },
    }),
    async (c) => {
      const id = asId<ResponseId>(c.req.param('id'));
      if (!(await c.var.services.responses.remove(c.var.scope.tenantId, id))) throw notFound('response', id);
      return c.json<ResponseDeleted>({ id, object: 'response', deleted: true });
    },
  );

async function respond(c: Context, body: CreateResponseRequest): Promise<Response> {
  const { services, scope, trace, key, meter } = c.var;
  const previousId = body.previous_response_id == null ? null : asId<ResponseId>(body.previous_response_id);
  const before = await earlierMessages(c, previousId);
  const added = await readInput(body.input, before, findItems(c));
  const variables = promptVariables(body);
  const named = toNamed(body, before, added, variables);
  const needsBound = Object.keys(key.budgets).length > 0;
  const { request, ignored, events } = await prepareAnswer(services, meter.work, { ...named, needsBound });
  const id = newId('resp', services.random);
  const now = () => seconds(services.clock());
  const frame: ResponseFrame = {
    base: serializeResponseBase(id, body, request, variables, now()),
    includeResults: body.include?.includes('file_search_call.results') ?? false,
    usage: () => serializeResponseUsage(trace.totals),
    now,
    internalMessage: internalMessage(c.var.requestId),
    async finished(response, turn) {
      if (!body.store) return;
      await services.responses.save(scope.tenantId, {
        id,
        previousId,
        traceId: trace.traceId,
        model: request.model.name,
        promptVersion: request.prompt === null ? null : promptVersionName(request.prompt),
        question: textOf(added.messages.filter((message) => message.role === 'user').slice(-1)),
        answer: turn.text,
        turn: [...added.messages, ...answerMessages(turn)],
        body: response,
        createdAt: services.clock(),
      });
    },
  };
  const said = withIgnored(c, inDialect(events, responsesFields), responsesFields, ignored);
  const written = responseEvents(said, frame);
  if (body.stream) return eventStream(c, withTerminal(written));
  let last: ResponseObject | null = null;
  try {
    for await (const event of written) last = event.response ?? last;
  } catch (error) {
    // The one failure that OpenAI answers with a response object: the model answered, and not as it had to.
    if (!(error instanceof Failure && error.details.reason === 'schema_not_satisfied')) throw error;
  }
  return c.json(last);
}

/** The Open Responses specification has every stream end with `[DONE]`, one that failed as well. */
async function* withTerminal(events: AsyncGenerator<ServerEvent>): AsyncGenerator<ServerEvent> {
  const terminal = { event: null, data: '[DONE]' };
  try {
    yield* events;
  } catch (error) {
    yield terminal;
    throw error;
  }
  yield terminal;
}

async function earlierMessages(c: Context, id: ResponseId | null): Promise<readonly Message[]> {
  if (id === null) return [];
  const messages = await c.var.services.responses.conversation(c.var.scope.tenantId, id);
  if (messages === null) throw notFound('response', id, 'previous_response_id');
  return messages;
}

/** An item is found in its response, which its id names (CON-5). */
const findItems =
  (c: Context): FindItems =>
  async (ids) => {
    const responseIds = [...new Set(ids.flatMap((id) => responseOfItem(id) ?? []))];
    const found = await c.var.services.responses.findAll(c.var.scope.tenantId, responseIds);
    const items = found.flatMap(({ body }) => (body as Partial<ResponseObject>).output ?? []);
    return new Map(items.map((item) => [item.id, item]));
  };

const promptVariables = (body: CreateResponseRequest): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(body.prompt?.variables ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value.text,
    ]),
  );

function toNamed(
  body: CreateResponseRequest,
  before: readonly Message[],
  added: ReadInput,
  variables: Readonly<Record<string, string>>,
): NamedRequest {
  const { messages, opening } = withoutOpening([...before, ...added.messages]);
  const { search, place, tools, choice } = toolsOf(body);
  const instructions = [body.instructions ?? '', ...opening].filter((text) => text !== '').join('\n\n');
  const format = body.text?.format;
  const extras = applyPolicy(fieldPolicy, body);
  return {
    model: body.model ?? null,
    prompt:
      body.prompt === undefined
        ? null
        : {
            id: asId(body.prompt.id),
            version: body.prompt.version === undefined ? null : Number(body.prompt.version),
            variables,
          },
    instructions: instructions === '' ? null : instructions,
    messages,
    documents:
      search === null
        ? null
        : {
            vectorStoreIds: search.vector_store_ids.map(asId<VectorStoreId>),
            filter: search.filters ?? null,
            limit: search.max_num_results ?? null,
            ...rankingOf(search.ranking_options),
          },
    storesParam: `tools[${place}].vector_store_ids`,
    maxOutputTokens: body.max_output_tokens ?? null,
    temperature: body.temperature ?? null,
    topP: body.top_p ?? null,
    tools,
    toolChoice: choice,
    json:
      format === undefined || format.type === 'text'
        ? null
        : jsonAnswer(format.type === 'json_object' ? { name: 'answer' } : format, 'text.format.schema'),
    extras: { ...extras, noted: [...extras.noted, ...unusedIncludes(body), ...added.ignored] },
  };
}

const unusedIncludes = ({ include = [] }: CreateResponseRequest): readonly string[] =>
  include.flatMap((wanted, index) => (wanted === 'file_search_call.results' ? [] : [`include[${index}]`]));

/** What may be used of the tools, by `tool_choice`. @throws Failure for a choice that is not among the tools. */
function toolsOf(body: CreateResponseRequest) {
  const choice = body.tool_choice ?? null;
  const searches = body.tools.flatMap((tool, index) =>
    tool.type === 'file_search' ? [{ tool, index }] : [],
  );
  const [first, second] = searches;
  if (second !== undefined) {
    const param = `tools[${second.index}]`;
    throw invalid(param, `'${param}': only one file_search tool is supported.`);
  }
  const all = body.tools.flatMap((tool) => (tool.type === 'function' ? [functionTool(tool)] : []));
  const allowed = typeof choice === 'object' && choice?.type === 'allowed_tools' ? choice : null;
  for (const tool of allowed?.tools ?? []) {
    if (tool.type === 'function') requireTool(tool.name ?? '', all);
  }
  const names = allowed?.tools.map(({ name }) => name);
  const tools = names === undefined ? all : all.filter(({ name }) => names.includes(name));
  // Whoever names the one function to call wants nothing of the documents yet.
  const isFunction = typeof choice === 'object' && choice?.type === 'function';
  const mayFind =
    choice !== 'none' &&
    !isFunction &&
    (allowed === null || allowed.tools.some(({ type }) => type === 'file_search'));
  const search: FileSearchTool | null = first !== undefined && mayFind ? first.tool : null;
  const findsOnly = typeof choice === 'object' && choice?.type === 'file_search';
  if ((findsOnly && search === null) || (choice === 'required' && body.tools.length === 0)) {
    throw invalid('tool_choice', "'tool_choice' asks for a tool that is not among the tools.");
  }
  const functions = findsOnly ? [] : tools;
  const told = toolChoice(functionChoice(body.tool_choice), functions);
  return {
    search,
    place: first?.index ?? -1,
    tools: functions,
    // The search that comes first is a tool that was called.
    choice: search !== null && told?.type === 'required' ? null : told,
  };
}

/** The part of `tool_choice` that a model is told. */
function functionChoice(choice: CreateResponseRequest['tool_choice']): FunctionChoice {
  if (choice === undefined) return null;
  if (typeof choice === 'string') return choice;
  if (choice.type === 'allowed_tools') return choice.mode;
  return choice.type === 'function' ? { name: choice.name } : null;
}

/** What the next turn is told that this one said: its text, and the tools that it called. */
const answerMessages = ({ text, calls }: ModelTurn): readonly Message[] => [
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
