import { invalid } from '../../core/failure.ts';
import { type Message, openCalls, textMessage, withName } from '../../core/models/conversation.ts';
import { parsedArguments, refuseOpenCalls } from './tools.ts';

/**
 * A conversation as it is read from a request, in either dialect: it grows turn by turn, and holds the rule that a
 * call of a tool is followed by its output before the user goes on. `param` names the list that is read.
 *
 *  CON-14 System and developer messages keep their place in the conversation. Those that it begins with are instructions;
 *     for a target that takes instructions only at the beginning, all others join them.
 */
export class History {
  readonly messages: Message[] = [];
  readonly #open: Map<string, string>;
  readonly #param: string;
  /** Instructions that came between a call and its output, where no provider takes them: they follow the output. */
  #held: Message[] = [];
  /** What the assistant thought before what it says or calls next; alone it is no turn. */
  #thought = '';

  constructor(param: string, before: readonly Message[] = []) {
    this.#param = param;
    this.#open = openCalls(before);
  }

  system(text: string): void {
    if (text === '') return;
    const message: Message = { role: 'system', content: text };
    if (this.#open.size > 0) this.#held.push(message);
    else this.messages.push(message);
  }

  /** @param field Where the text stands, for a message without any: a model asked nothing answers anything. */
  user(text: string, field: string, name?: string): void {
    refuseOpenCalls(this.#open, this.#param);
    this.#thought = '';
    if (text === '') throw invalid(field, `Invalid '${field}': a user message needs text.`);
    this.messages.push(withName(textMessage('user', text), name));
  }

  assistant(text: string, name?: string): void {
    if (text === '') return;
    const content = [...this.#reasoning(), { type: 'text' as const, text }];
    this.messages.push(withName({ role: 'assistant', content }, name));
  }

  reasoning(text: string): void {
    this.#thought = text;
  }

  #reasoning(): { type: 'reasoning'; text: string }[] {
    const text = this.#thought;
    this.#thought = '';
    return text === '' ? [] : [{ type: 'reasoning', text }];
  }

  call(id: string, toolName: string, written: string): void {
    this.#open.set(id, toolName);
    const input = parsedArguments(written);
    const call = { type: 'tool-call', toolCallId: id, toolName, input } as const;
    this.messages.push({ role: 'assistant', content: [...this.#reasoning(), call] });
  }

  /** @param field Where the id of the call stands. */
  output(id: string, text: string, field: string): void {
    const toolName = this.#open.get(id);
    if (toolName === undefined) {
      throw invalid(field, `Invalid '${field}': no tool call with this id waits for its output.`);
    }
    this.#open.delete(id);
    const output = { type: 'text', value: text } as const;
    const result = { type: 'tool-result', toolCallId: id, toolName, output } as const;
    this.messages.push({ role: 'tool', content: [result] });
    if (this.#open.size > 0) return;
    this.messages.push(...this.#held);
    this.#held = [];
  }

  /** @throws Failure for a call whose output is missing. */
  end(): readonly Message[] {
    refuseOpenCalls(this.#open, this.#param);
    return this.messages;
  }
}
