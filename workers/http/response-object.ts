import type { ResponseBase, ResponseUsage, ToolEcho } from '../../contract/response.ts';
import type { CreateResponseRequest } from '../../contract/response-request.ts';
import type { AnswerRequest } from '../../core/answer/request.ts';
import { defined } from '../../core/defined.ts';
import { inDollars } from '../../core/telemetry/money.ts';
import type { Totals } from '../../core/telemetry/trace.ts';

/** The fields of the Response object that the request fixes, with OpenAI's defaults where it says nothing. */
export function serializeResponseBase(
  id: string,
  body: CreateResponseRequest,
  { model, prompt, passedOn }: AnswerRequest,
  variables: Readonly<Record<string, string>>,
  createdAt: number,
): ResponseBase {
  return {
    id,
    object: 'response',
    created_at: createdAt,
    access_programs: null,
    background: false,
    conversation: null,
    frequency_penalty: body.frequency_penalty ?? 0,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    metadata: body.metadata ?? {},
    model: model.name,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    presence_penalty: body.presence_penalty ?? 0,
    previous_response_id: body.previous_response_id ?? null,
    prompt:
      prompt === null
        ? null
        : {
            id: prompt.promptId,
            version: String(prompt.version),
            variables: body.prompt?.variables === undefined ? null : { ...variables },
          },
    prompt_cache_key: body.prompt_cache_key ?? null,
    prompt_cache_retention: null,
    reasoning: { effort: body.reasoning?.effort ?? null, summary: null },
    safety_identifier: body.safety_identifier ?? null,
    service_tier: 'service_tier' in passedOn ? String(passedOn.service_tier) : 'default',
    store: body.store,
    temperature: body.temperature ?? 1,
    text: { format: serializeFormat(body.text?.format), verbosity: body.text?.verbosity ?? 'medium' },
    tool_choice: serializeToolChoice(body.tool_choice),
    tools: body.tools.map(serializeTool),
    top_logprobs: 0,
    top_p: body.top_p ?? 1,
    truncation: 'disabled',
    user: body.user ?? null,
  };
}

type Format = NonNullable<CreateResponseRequest['text']>['format'];

const serializeFormat = (format: Format): ResponseBase['text']['format'] =>
  format === undefined
    ? { type: 'text' }
    : format.type === 'json_schema'
      ? { ...format, description: format.description ?? null, strict: format.strict ?? false }
      : format;

function serializeToolChoice(choice: CreateResponseRequest['tool_choice']): ResponseBase['tool_choice'] {
  if (choice === undefined) return 'auto';
  if (typeof choice === 'string' || choice.type !== 'allowed_tools') return choice;
  return {
    ...choice,
    tools: choice.tools.map(({ name, ...tool }) => ({ ...tool, ...(name === undefined ? {} : { name }) })),
  };
}

function serializeTool(tool: CreateResponseRequest['tools'][number]): ToolEcho {
  if (tool.type === 'function') {
    return {
      type: 'function',
      name: tool.name,
      description: tool.description ?? null,
      parameters: tool.parameters ?? null,
      strict: tool.strict ?? null,
    };
  }
  const { ranking_options: ranking } = tool;
  return {
    type: 'file_search',
    vector_store_ids: tool.vector_store_ids,
    filters: tool.filters ?? null,
    ...(tool.max_num_results === undefined ? {} : { max_num_results: tool.max_num_results }),
    ...(ranking === undefined
      ? {}
      : {
          ranking_options: {
            ...defined({
              ranker: ranking.ranker,
              score_threshold: ranking.score_threshold,
              hybrid_search: ranking.hybrid_search,
            }),
          },
        }),
  };
}

export const serializeResponseUsage = ({
  inputTokens,
  outputTokens,
  cacheReadTokens,
  reasoningTokens,
  cost,
}: Totals): ResponseUsage => ({
  input_tokens: inputTokens,
  input_tokens_details: { cached_tokens: cacheReadTokens, cache_write_tokens: 0 },
  output_tokens: outputTokens,
  output_tokens_details: { reasoning_tokens: reasoningTokens },
  total_tokens: inputTokens + outputTokens,
  cost_usd: inDollars(cost),
});
