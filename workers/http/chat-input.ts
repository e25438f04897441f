import type { ChatMessageParam } from '../../contract/chat-request.ts';
import type { Message } from '../../core/models/conversation.ts';
import { History } from './history.ts';

type Content = ChatMessageParam['content'];

/** The one inner form of `messages`. @throws Failure for an output without its call, and for a call without one. */
export function conversationOf(given: readonly ChatMessageParam[]): readonly Message[] {
  const history = new History('messages');
  for (const [place, entry] of given.entries()) {
    const at = `messages[${place}]`;
    const text = textIn(entry.content);
    switch (entry.role) {
      case 'system':
      case 'developer':
        history.system(text);
        break;
      case 'user':
        history.user(text, `${at}.content`, entry.name);
        break;
      case 'assistant':
        history.reasoning(entry.reasoning_content ?? thoughtIn(entry.content));
        // OpenAI writes a refusal beside a content that is null, or as the only part of it.
        history.assistant(text === '' ? (entry.refusal ?? '') : text, entry.name);
        for (const call of entry.tool_calls ?? []) {
          if ('function' in call && isFunction(call.function)) {
            history.call(call.id, call.function.name, call.function.arguments);
          } else if ('custom' in call && isCustom(call.custom)) {
            history.call(call.id, call.custom.name, call.custom.input);
          }
        }
        if (entry.function_call !== undefined) {
          history.call(
            legacyId(entry.function_call.name),
            entry.function_call.name,
            entry.function_call.arguments,
          );
        }
        break;
      case 'tool':
        history.output(entry.tool_call_id, text, `${at}.tool_call_id`);
        break;
      case 'function':
        history.output(legacyId(entry.name), text, `${at}.name`);
    }
  }
  return history.end();
}

/** Functions of the time before tools were called by name only, one at a time. */
const legacyId = (name: string): string => `call_${name}`;

const isFunction = (value: unknown): value is { name: string; arguments: string } =>
  typeof value === 'object' && value !== null && 'arguments' in value;
const isCustom = (value: unknown): value is { name: string; input: string } =>
  typeof value === 'object' && value !== null && 'input' in value;

function textIn(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'string') return content;
  return content
    .flatMap((part) => (part.type === 'refusal' ? part.refusal : isThought(part) ? [] : part.text))
    .join('\n');
}

type Part = Exclude<NonNullable<Content>, string>[number];
type Thought = Extract<Part, { type: 'thinking' | 'redacted_thinking' | 'reasoning' }>;

const isThought = (part: Part): part is Thought =>
  part.type === 'thinking' || part.type === 'redacted_thinking' || part.type === 'reasoning';

/** What can be read of it: a field is a text, or holds parts with texts; what is encrypted stays with its provider. */
function thoughtIn(content: Content): string {
  if (content === undefined || typeof content === 'string') return '';
  return content
    .filter(isThought)
    .flatMap(({ type: _, data: _encrypted, signature: _signature, ...fields }) => Object.values(fields))
    .flatMap((said) => (Array.isArray(said) ? said.map((part: unknown) => textOf(part)) : textOf(said)))
    .filter((text) => text !== '')
    .join('\n');
}

function textOf(said: unknown): string {
  if (typeof said === 'string') return said;
  return typeof said === 'object' && said !== null && 'text' in said && typeof said.text === 'string'
    ? said.text
    : '';
}
