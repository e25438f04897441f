import type { APICallError } from '@ai-sdk/provider';
import type { RequestField } from './request-fields.ts';

/** What an upstream says about a request that it does not serve, in a form that may be shown to our caller. */
export interface UpstreamRefusal {
  /** Its machine-readable code, such as `context_length_exceeded`; null where it gives none. */
  readonly code: string | null;
  /** The field at fault: in our core's words where we know it, else in its own; null where it names none. */
  readonly param: RequestField | string | null;
  /** One line without keys, at most `LONGEST_MESSAGE` characters. */
  readonly message: string;
  /** Workers AI's internal code, which comes in the text; null for other providers. */
  readonly workersAiCode: number | null;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads OpenAI's envelope, Anthropic's, vLLM's bare one and FastAPI's `detail`. All four were met in the wild; what is
 * none of them still gives its text.
 */
export function readRefusal(error: APICallError): UpstreamRefusal {
  const body = members(parseJson(error.responseBody ?? ''));
  const inner = members(body.error) ?? {};
  const of = (name: string): unknown => inner[name] ?? body[name];
  const written = text(of('message')) ?? text(body.detail) ?? text(body.error) ?? error.message;
  const message = cleaned(written);
  return {
    code: codeOf(of('code'), message),
    param: paramOf(of('param')),
    message,
    workersAiCode: workersAiCode(error, written),
  };
}

const LONGEST_MESSAGE = 500;

/** Secrets that providers hand out, by their prefixes, and whatever follows "Bearer". */
const secrets = /\b(?:sk|pk|rk|hf|gsk|xai)[-_][\w-]{6,}\S*|\bBearer\s+\S+|\bAKIA[0-9A-Z]{12,}/gi;

/** Control characters, and the invisible ones that turn text around. */
const invisible = /[\p{Cc}\p{Cf}]+/gu;

const cleaned = (message: string): string => {
  const line = message.replace(secrets, '…').replace(invisible, ' ').replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
};

/** How servers that give no code of their own say that a conversation is too long. */
const tooLong =
  /context (?:length|window|size)|maximum context|prompt is too long|exceed\w* the model'?s? (?:max|context)/i;

/** A code that names something; vLLM repeats the status as a number there. */
function codeOf(code: unknown, message: string): string | null {
  if (typeof code === 'string' && /^[a-z][\w.-]{2,63}$/i.test(code)) return code;
  return tooLong.test(message) ? 'context_length_exceeded' : null;
}

/** OpenAI's fields as the core names them; the dialect of our caller translates them once more. */
const fields: Readonly<Record<string, RequestField>> = {
  messages: 'messages',
  model: 'model',
  response_format: 'json',
  max_tokens: 'maxOutputTokens',
  max_completion_tokens: 'maxOutputTokens',
  temperature: 'temperature',
  top_p: 'topP',
  stop: 'stop',
  seed: 'seed',
  tools: 'tools',
  tool_choice: 'toolChoice',
};

function paramOf(param: unknown): string | null {
  if (typeof param !== 'string' || !/^[\w.[\]-]{1,100}$/.test(param)) return null;
  const [head = ''] = param.split(/[.[]/);
  return Object.hasOwn(fields, head) ? (fields[head] ?? param) : param;
}

function workersAiCode(error: APICallError, message: string): number | null {
  if (!error.url.startsWith('workers-ai:') && !/workers ?ai/i.test(error.message)) return null;
  const known = members(error.data)?.workersAIErrorCode;
  if (typeof known === 'number') return known;
  const found = /\b([35]\d{3})\s*:/.exec(message);
  return found === null ? null : Number(found[1]);
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return null;
  }
}

function members(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

const text = (value: unknown): string | null => {
  if (typeof value === 'string') return value;
  // FastAPI lists what is wrong, one object a field.
  if (Array.isArray(value)) {
    const said = value.map((one) => text(members(one).msg)).filter((one) => one !== null);
    return said.length === 0 ? null : said.join('; ');
  }
  return null;
};
