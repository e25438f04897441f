import type { LanguageModelV4Message } from '@ai-sdk/provider';

export type Message = LanguageModelV4Message;

export const textOf = (messages: readonly Message[]): string =>
  messages
    .map((message) =>
      typeof message.content === 'string'
        ? message.content
        : message.content.map((part) => ('text' in part ? part.text : '')).join('\n'),
    )
    .join('\n');

export const textMessage = (role: 'user' | 'assistant', text: string): Message => ({
  role,
  content: [{ type: 'text', text }],
});

const isSystem = (message: Message): message is Extract<Message, { role: 'system' }> =>
  message.role === 'system';

/** A conversation without the system texts that it begins with, which are instructions; later ones keep their place. */
export function withoutOpening(conversation: readonly Message[]): {
  readonly messages: readonly Message[];
  readonly opening: readonly string[];
} {
  const first = conversation.findIndex((message) => !isSystem(message));
  const begins = first === -1 ? conversation.length : first;
  return {
    messages: conversation.slice(begins),
    opening: conversation.slice(0, begins).flatMap((message) => (isSystem(message) ? [message.content] : [])),
  };
}

/** For providers that take instructions only at the beginning: all of them as one, in their order. */
export function systemFirst(messages: readonly Message[]): Message[] {
  const content = messages
    .filter(isSystem)
    .map((message) => message.content)
    .join('\n\n');
  const others = messages.filter((message) => !isSystem(message));
  return content === '' ? others : [{ role: 'system', content }, ...others];
}

/**
 * The message as one participant's, by name: providers of OpenAI's dialect get it as `name`. A single text is sent
 * without its message's own options, so the name stands at the text too.
 */
export function withName<Named extends Message>(message: Named, name: string | null | undefined): Named {
  if (name === null || name === undefined || name === '') return message;
  const providerOptions = { openai: { name }, openaiCompatible: { name } };
  if (typeof message.content === 'string') return { ...message, providerOptions };
  const content = message.content.map((part) => (part.type === 'text' ? { ...part, providerOptions } : part));
  return { ...message, content, providerOptions };
}

const nameOf = ({ providerOptions }: Message): string | null => {
  const name = providerOptions?.openaiCompatible?.name;
  return typeof name === 'string' ? name : null;
};

/** For providers that know no names: each participant's words begin with his name, so that they can be told apart. */
export function namesInText(messages: readonly Message[]): Message[] {
  return messages.map((message): Message => {
    const name = nameOf(message);
    if (name === null || (message.role !== 'user' && message.role !== 'assistant')) return message;
    const place = message.content.findIndex((part) => part.type === 'text');
    const content = message.content.map((part, index) =>
      part.type === 'text' && index === place ? { ...part, text: `${name}: ${part.text}` } : part,
    );
    return { ...message, content } as Message;
  });
}

/** The tool calls that wait for their output: id → name of the tool. */
export function openCalls(messages: readonly Message[]): Map<string, string> {
  const open = new Map<string, string>();
  for (const message of messages) {
    if (message.role !== 'assistant' && message.role !== 'tool') continue;
    for (const part of message.content) {
      if (part.type === 'tool-call') open.set(part.toolCallId, part.toolName);
      if (part.type === 'tool-result') open.delete(part.toolCallId);
    }
  }
  return open;
}

const callsTools = (message: Message): boolean =>
  message.role === 'assistant' && message.content.some((part) => part.type === 'tool-call');

/**
 * What the assistant said and called in one turn as one message, and all outputs as one. Clients list them one by
 * one, and providers refuse a call whose output does not follow at once.
 */
export function joinTurns(messages: readonly Message[]): Message[] {
  const turns: Message[] = [];
  for (const message of messages) {
    const before = turns.at(-1);
    if (message.role === 'tool' && before?.role === 'tool') {
      turns[turns.length - 1] = { ...before, content: [...before.content, ...message.content] };
    } else if (
      message.role === 'assistant' &&
      before?.role === 'assistant' &&
      (callsTools(before) || callsTools(message))
    ) {
      turns[turns.length - 1] = { ...before, content: [...before.content, ...message.content] };
    } else turns.push(message);
  }
  return turns;
}
