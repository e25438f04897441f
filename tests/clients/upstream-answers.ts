/**
 * What the scripted model says. Its answers are functions of the request, and they show what came through: the number of
 * turns, a name that was told earlier, the words of a tool. A client that loses its history gets another answer.
 */
interface ChatMessage {
  readonly role: string;
  readonly content?: string | readonly { readonly type: string; readonly text?: string }[] | null;
}

interface Schema {
  readonly [keyword: string]: unknown;
}

interface Tool {
  readonly function: { readonly name: string; readonly parameters?: Schema };
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly tools?: readonly Tool[];
  readonly tool_choice?: string | { readonly function?: { readonly name: string } };
  readonly response_format?: { readonly type: string; readonly json_schema?: { readonly schema?: Schema } };
  readonly [field: string]: unknown;
}

export interface Answer {
  readonly text: string | null;
  readonly reasoning?: string;
  readonly refusal?: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  /** How it ends: by itself, at its limit of tokens, or with a lost connection. */
  readonly ending: 'stop' | 'tool_calls' | 'length' | 'drop';
}

export interface Refusal {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string;
    readonly code: string;
  };
}

const tooLong: Refusal = {
  error: {
    message: "This model's maximum context length is 8192 tokens.",
    type: 'invalid_request_error',
    param: 'messages',
    code: 'context_length_exceeded',
  },
};

const textOf = ({ content }: ChatMessage): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('\n');

const say = (text: string, ending: Answer['ending'] = 'stop'): Answer => ({ text, calls: [], ending });

/** Names start at the same word in every run; ids only have to differ within one answer. */
const call = (calls: readonly (readonly [Tool, unknown])[]): Answer => ({
  text: null,
  ending: 'tool_calls',
  calls: calls.map(([tool, input], place) => ({
    id: `call_${place}_${Math.random().toString(36).slice(2, 10)}`,
    name: tool.function.name,
    arguments: JSON.stringify(input),
  })),
});

export function answerTo(request: ChatRequest): Answer | Refusal {
  const { messages } = request;
  const last = messages.at(-1);
  const question = textOf(messages.findLast(({ role }) => role === 'user') ?? { role: 'user', content: '' });
  if (/context too long/i.test(question)) return tooLong;
  if (/break off/i.test(question)) return say('Half an answer and', 'drop');
  if (/write on and on/i.test(question)) return say('As far as it goes', 'length');
  // The plan of example-research: searches, one a line, numbered although nobody asked for numbers.
  if (/one search a line/i.test(textOf(messages[0] ?? { role: 'system' })))
    return say('1. steps of the tower\n2. when the lamp was lit');
  const schema = request.response_format?.json_schema?.schema;
  // Agents that carry their tools in the prompt (smolagents) tell a tool's words as a message of the user.
  const seen = last?.role === 'tool' || /^observation:/im.test(question);
  const wanted = toolsToCall(request, question, seen);
  // Workers AI and old Ollamas say `stop` beside their calls.
  if (wanted.length > 0)
    return { ...call(wanted), ending: /carelessly/i.test(question) ? 'stop' : 'tool_calls' };
  if (schema !== undefined) return say(JSON.stringify(instance(schema, schema)));
  if (request.response_format?.type === 'json_object') return say('{"city":"Paris","degrees":7}');
  if (seen) return say(`The tool says: ${outputs(messages).join(' / ')}`);
  const answer = say(fromPassages(question) ?? conversation(messages, question));
  if (/refuse this/i.test(question)) return { ...answer, text: null, refusal: 'I will not.' };
  return /think first/i.test(question) ? { ...answer, reasoning: 'Let me see.' } : answer;
}

/** `required` calls something; `auto` calls what the question asks for; nothing is asked twice. */
function toolsToCall(
  { tools = [], tool_choice = 'auto' }: ChatRequest,
  question: string,
  seen: boolean,
): readonly (readonly [Tool, unknown])[] {
  const argumentsFor = (tool: Tool, city = 'Paris'): unknown =>
    instance(tool.function.parameters ?? {}, tool.function.parameters ?? {}, 'city', city);
  if (typeof tool_choice === 'object') {
    const named = tools.find((tool) => tool.function.name === tool_choice.function?.name);
    return named === undefined ? [] : [[named, argumentsFor(named)]];
  }
  if (tool_choice === 'none') return [];
  const weather = tools.find((tool) => /weather/i.test(tool.function.name));
  if (weather !== undefined && !seen && /weather/i.test(question)) {
    const cities = question.match(/Paris|Rome|San Francisco/g) ?? ['Paris'];
    return [...new Set(cities)].map((city) => [weather, argumentsFor(weather, city)] as const);
  }
  const transfer = tools.find((tool) => /^transfer_to/.test(tool.function.name));
  if (transfer !== undefined && !seen && /specialist/i.test(question)) return [[transfer, {}]];
  const ending = tools.find((tool) => /^final_/.test(tool.function.name));
  if (ending !== undefined && (seen || tool_choice === 'required')) return [[ending, argumentsFor(ending)]];
  const first = tools[0];
  return tool_choice === 'required' && first !== undefined ? [[first, argumentsFor(first)]] : [];
}

/** The words of the tools that were called last. */
function outputs(messages: readonly ChatMessage[]): readonly string[] {
  const start = messages.findLastIndex(({ role }) => role === 'assistant');
  return messages.slice(start + 1).map(textOf);
}

/** The first sentence of the first passage, cited. */
function fromPassages(question: string): string | null {
  const passage = /^--- \w+ passage \[(\d+)\].*\n([\s\S]*?)(?=\n--- )/m.exec(question);
  if (passage === null) return null;
  const sentence = /[^.!?]+[.!?]/.exec(passage[2] ?? '')?.[0].trim();
  return `${sentence ?? passage[2]} [${passage[1]}]`;
}

function conversation(messages: readonly ChatMessage[], question: string): string {
  const count = (role: string): number => messages.filter((message) => message.role === role).length;
  const users = messages.filter(({ role }) => role === 'user').map(textOf);
  const name = users.map((text) => /my name is (\w+)/i.exec(text)?.[1]).findLast(Boolean);
  if (/what is my name/i.test(question))
    return name === undefined ? 'You did not say.' : `Your name is ${name}.`;
  const system = messages.filter(({ role }) => role === 'system').map(textOf);
  const pirate = system.some((text) => /pirate/i.test(text)) ? 'Arr! ' : '';
  return `${pirate}Question ${count('user')} after ${count('assistant')} answers: ${question}`;
}

/** A value that a JSON schema allows, the same each time; `field` takes `value` where it stands. */
function instance(schema: Schema, root: Schema, name = '', value = 'Paris'): unknown {
  const options = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (typeof schema.$ref === 'string') return instance(resolve(schema.$ref, root), root, name, value);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (Array.isArray(options)) {
    return instance(options.find((option: Schema) => option.type !== 'null') ?? {}, root, name, value);
  }
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'string':
      return name === 'name' ? 'Ada' : value;
    case 'integer':
    case 'number':
      return name === 'age' ? 36 : 7;
    case 'boolean':
      return true;
    case 'array':
      return [instance((schema.items ?? {}) as Schema, root, name, value)];
    case 'null':
      return null;
    default: {
      const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
      return Object.fromEntries(properties.map(([key, inner]) => [key, instance(inner, root, key, value)]));
    }
  }
}

const resolve = (reference: string, root: Schema): Schema =>
  reference
    .split('/')
    .slice(1)
    .reduce<Schema>((at, key) => at[key] as Schema, root);
