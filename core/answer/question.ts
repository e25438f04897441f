import { Failure } from '../failure.ts';
import type { Message } from '../models/conversation.ts';

/**
 * The question of a conversation is its last message of the user. Calls of tools and their outputs may stand behind it:
 * then it is still open.
 */
export const placeOfQuestion = (messages: readonly Message[]): number =>
  messages.findLastIndex(({ role }) => role === 'user');

/** @throws Failure `invalid_request` for a conversation that does not end in a question. */
export function questionIn(messages: readonly Message[]): string {
  const last = messages.findLast(({ role }) => role !== 'system');
  const asked = messages[placeOfQuestion(messages)];
  const isOpen = last?.role === 'user' || last?.role === 'tool';
  const text =
    isOpen && asked?.role === 'user'
      ? asked.content
          .map((part) => (part.type === 'text' ? part.text : ''))
          .join('\n')
          .trim()
      : '';
  if (text !== '') return text;
  throw new Failure('invalid_request', 'The last message must be a user message with text: the question.', {
    param: 'question',
  });
}

/** What tools have answered since the question was asked, one text each. */
export const toolOutputs = (messages: readonly Message[]): readonly string[] =>
  messages.slice(placeOfQuestion(messages)).flatMap((message) =>
    message.role !== 'tool'
      ? []
      : message.content.flatMap((part) => {
          if (part.type !== 'tool-result') return [];
          return part.output.type === 'text' ? [part.output.value] : [JSON.stringify(part.output)];
        }),
  );
