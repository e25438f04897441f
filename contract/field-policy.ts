import type { Json } from './json.ts';

/**
 * Liberal in, exact out.
 *
 *  CON-3 What becomes of each field of OpenAI's two answering dialects is what one table says, on every kind of target.
 *
 * This table is what
 * the routes do (workers/http/apply-policy.ts reads it), what the documentation says (a test compares it with
 * docs/reference/compatibility.md), and it is complete: a type test fails when OpenAI's own package knows a field
 * that does not stand here.
 *
 *  applied  It does here what it does at OpenAI, on every kind of target.
 *  passed   It tunes or annotates. A target that speaks OpenAI's dialect is told; for any other target, the field is
 *           named in the header `x-selvedge-ignored`. The answer is the same kind of answer either way.
 *  noted    It tunes or annotates something that does not exist here: always named in that header.
 *  refused  It would change what the answer means or holds: 400, by name, "not supported".
 *
 * `neutral` are values that ask for nothing beyond what happens anyway. Such a field, and one that is null, is as if
 * it were absent, whatever its policy.
 */
export type Policy = 'applied' | 'passed' | 'noted' | 'refused';

export interface FieldRule {
  readonly policy: Policy;
  readonly neutral?: readonly Json[];
  /** Its name in the chat dialect, in which targets are called, where it has another here. */
  readonly as?: string;
  /** For people: what it does here, or what to use instead. */
  readonly remark?: string;
}

export type FieldPolicy = Readonly<Record<string, FieldRule>>;

const applied = (remark?: string): FieldRule => ({
  policy: 'applied',
  ...(remark === undefined ? {} : { remark }),
});
const rule =
  (policy: Policy) =>
  (more: Omit<FieldRule, 'policy'> = {}): FieldRule => ({ policy, ...more });
const passed = rule('passed');
const noted = rule('noted');
const refused = rule('refused');

const shared = {
  model: applied('a name or an alias of the catalogue; may be left out'),
  stream: applied(),
  'stream_options.include_obfuscation': noted({ neutral: [false], remark: 'streams are not padded' }),
  temperature: applied(),
  top_p: applied(),
  tools: applied('up to 128'),
  tool_choice: applied('`allowed_tools` included'),
  parallel_tool_calls: passed({ neutral: [true] }),
  frequency_penalty: passed({ neutral: [0] }),
  presence_penalty: passed({ neutral: [0] }),
  service_tier: passed({ neutral: ['auto', 'default'] }),
  prompt_cache_key: passed(),
  prompt_cache_retention: passed(),
  prompt_cache_options: passed(),
  safety_identifier: passed(),
  user: passed(),
  moderation: refused({ remark: 'call a moderation endpoint yourself' }),
} as const satisfies FieldPolicy;

export const chatFields = {
  ...shared,
  messages: applied('`name` reaches the model; unknown fields of a message are let through'),
  'stream_options.include_usage': applied(),
  max_tokens: applied('the older name of `max_completion_tokens`'),
  max_completion_tokens: applied(),
  stop: applied(),
  seed: applied(),
  response_format: applied('`text`, `json_object`, `json_schema`'),
  vector_store_ids: applied('ours: answer from these documents'),
  max_num_results: applied('ours, with `vector_store_ids`'),
  filters: applied('ours, with `vector_store_ids`'),
  ranking_options: applied('ours, with `vector_store_ids`'),
  logit_bias: passed({ neutral: [{}] }),
  reasoning_effort: passed(),
  verbosity: passed({ neutral: ['medium'] }),
  store: passed({ neutral: [false], remark: 'chat completions are not stored here' }),
  metadata: passed({ neutral: [{}] }),
  prediction: passed(),
  n: refused({ neutral: [1], remark: 'one answer a request' }),
  logprobs: refused({ neutral: [false] }),
  top_logprobs: refused({ neutral: [0] }),
  modalities: refused({ neutral: [['text'], []] }),
  audio: refused(),
  functions: refused({ neutral: [[]], remark: 'use `tools`' }),
  function_call: refused({ neutral: ['auto', 'none'], remark: 'use `tool_choice`' }),
  web_search_options: refused({ remark: 'there is no web search' }),
} as const satisfies FieldPolicy;

export const responseFields = {
  ...shared,
  input: applied('a text or items; what any server of this shape wrote may be sent back'),
  instructions: applied(),
  prompt: applied('`id`, `version`, `variables` (texts)'),
  'text.format': applied('`text`, `json_object`, `json_schema`'),
  'text.verbosity': passed({ neutral: ['medium'], as: 'verbosity' }),
  include: applied('`file_search_call.results`; every other documented value is noted'),
  previous_response_id: applied(),
  store: applied(),
  metadata: applied('kept with the response'),
  max_output_tokens: applied(),
  max_tool_calls: applied('an answer makes at most one search'),
  'reasoning.effort': passed({ as: 'reasoning_effort' }),
  'reasoning.summary': noted({ neutral: ['auto'] }),
  'reasoning.generate_summary': noted({ neutral: ['auto'] }),
  'reasoning.context': noted({ neutral: ['auto'] }),
  'reasoning.mode': noted({ neutral: ['standard'] }),
  truncation: noted({ neutral: ['disabled'], remark: 'what does not fit is an error of the model' }),
  context_management: noted({ neutral: [[]] }),
  access_programs: noted({ neutral: [{}] }),
  client_metadata: noted({ neutral: [{}] }),
  image: noted({ neutral: [{}] }),
  top_logprobs: refused({ neutral: [0] }),
  background: refused({ neutral: [false], remark: 'not yet' }),
  conversation: refused({ remark: 'not yet: use `previous_response_id`' }),
} as const satisfies FieldPolicy;
