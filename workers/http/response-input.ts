import type { z } from 'zod';
import {
  type CustomToolCallItem,
  type CustomToolCallOutputItem,
  type FunctionCallItem,
  type FunctionCallOutputItem,
  InputItem,
  type InputMessage,
  type ItemReference,
  type ReasoningItem,
} from '../../contract/response-input.ts';
import type { CreateResponseRequest } from '../../contract/response-request.ts';
import { Failure } from '../../core/failure.ts';
import type { Message } from '../../core/models/conversation.ts';
import { History } from './history.ts';

/**
 * The one inner form of an item: each kind under its own name, whatever the client left out. Items of tools that ran
 * elsewhere are `foreign`: they belong to the history, and a model is not told of them.
 */
type Item =
  | { readonly kind: 'message'; readonly item: z.infer<typeof InputMessage> }
  | { readonly kind: 'call'; readonly item: z.infer<typeof FunctionCallItem> }
  | { readonly kind: 'custom-call'; readonly item: z.infer<typeof CustomToolCallItem> }
  | {
      readonly kind: 'output';
      readonly item: z.infer<typeof FunctionCallOutputItem> | z.infer<typeof CustomToolCallOutputItem>;
    }
  | { readonly kind: 'reasoning'; readonly item: z.infer<typeof ReasoningItem> }
  | { readonly kind: 'reference'; readonly item: z.infer<typeof ItemReference> }
  | { readonly kind: 'foreign'; readonly type: string };

/** Pure: the schema has already found the item to be of one of these kinds. */
function normaliseItem(item: InputItem): Item {
  const type = 'type' in item ? item.type : undefined;
  switch (type) {
    case undefined:
    case 'message':
    case 'item_reference':
      return 'role' in item && type !== 'item_reference'
        ? { kind: 'message', item: item as z.infer<typeof InputMessage> }
        : { kind: 'reference', item: item as z.infer<typeof ItemReference> };
    case 'function_call':
      return { kind: 'call', item: item as z.infer<typeof FunctionCallItem> };
    case 'custom_tool_call':
      return { kind: 'custom-call', item: item as z.infer<typeof CustomToolCallItem> };
    case 'function_call_output':
    case 'custom_tool_call_output':
      return { kind: 'output', item: item as z.infer<typeof FunctionCallOutputItem> };
    case 'reasoning':
      return { kind: 'reasoning', item: item as z.infer<typeof ReasoningItem> };
    default:
      return { kind: 'foreign', type };
  }
}

/** Looks up items that were stored with their responses, by id. */
export type FindItems = (ids: readonly string[]) => Promise<ReadonlyMap<string, unknown>>;

export interface ReadInput {
  /** The messages that this request adds. */
  readonly messages: readonly Message[];
  /** Items that a model is not told of, by their path. */
  readonly ignored: readonly string[];
}

/**
 * Reads the input of a request whose conversation so far is `before`.
 * @throws Failure `not_found` for a reference to no stored item; `invalid_request` for an output without its call, and
 * for a call whose output does not come before the user goes on.
 */
export async function readInput(
  input: CreateResponseRequest['input'],
  before: readonly Message[],
  find: FindItems,
): Promise<ReadInput> {
  const history = new History('input', before);
  const ignored: string[] = [];
  if (typeof input === 'string') {
    history.user(input, 'input');
    return { messages: history.end(), ignored };
  }
  const items = input.map(normaliseItem);
  const references = items.flatMap((item) => (item.kind === 'reference' ? [item.item.id] : []));
  const found = references.length === 0 ? new Map<string, unknown>() : await find(references);
  for (const [place, given] of items.entries()) {
    const at = `input[${place}]`;
    const item = given.kind === 'reference' ? resolve(given.item.id, found, at) : given;
    switch (item.kind) {
      case 'message':
        addMessage(history, item.item, at);
        break;
      case 'call':
        history.call(item.item.call_id, item.item.name, item.item.arguments);
        break;
      case 'custom-call':
        history.call(item.item.call_id, item.item.name, item.item.input);
        break;
      case 'output':
        history.output(item.item.call_id, textIn(item.item.output), `${at}.call_id`);
        break;
      case 'reasoning':
        history.reasoning(reasoningIn(item.item));
        break;
      case 'reference':
        break;
      case 'foreign':
        // Our own searches are told in the answer that followed them.
        if (item.type !== 'file_search_call') ignored.push(at);
    }
  }
  return { messages: history.end(), ignored };
}

function resolve(id: string, found: ReadonlyMap<string, unknown>, at: string): Item {
  const parsed = InputItem.safeParse(found.get(id));
  if (parsed.success) return normaliseItem(parsed.data);
  throw new Failure(
    'not_found',
    `No item with the id '${id}'. Items are kept with their response, and not with \`store: false\`: send the item itself.`,
    { param: `${at}.id` },
  );
}

function addMessage(history: History, { role, content }: z.infer<typeof InputMessage>, at: string): void {
  const text = textIn(content);
  if (role === 'user') history.user(text, `${at}.content`);
  else if (role === 'assistant') history.assistant(text);
  else history.system(text);
}

/** What a model may read of its earlier thinking; what is encrypted is for its own provider only. */
const reasoningIn = ({ content, summary }: z.infer<typeof ReasoningItem>): string =>
  [...(content ?? []), ...((content ?? []).length === 0 ? (summary ?? []) : [])]
    .map((part) => part.text)
    .join('\n');

function textIn(content: z.infer<typeof InputMessage>['content']): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'refusal' ? part.refusal : part.text)).join('\n');
}
