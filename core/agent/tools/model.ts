import { Failure } from '../../failure.ts';
import { type Catalogue, defaultAliases, findModel } from '../../models/catalogue.ts';
import { type ChatCall, chat } from '../../models/chat.ts';
import { worstCaseOfCall } from '../../models/chat-bounds.ts';
import type { Message } from '../../models/conversation.ts';
import type { ModelProvider } from '../../models/provider.ts';
import { MODEL_TIMEOUT_MS, type Tool } from '../tool.ts';

export interface ModelDependencies {
  readonly catalogue: Catalogue;
  readonly provider: ModelProvider;
}

export type ModelArgs = {
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
  /** A name or alias of the catalogue; `default` when left out. */
  readonly model?: string;
  readonly max_output_tokens?: number;
  readonly temperature?: number;
};

export type ModelResult = {
  readonly text: string;
  /** `length` when the answer was cut off. */
  readonly finish_reason: 'stop' | 'length' | 'content-filter' | 'tool-calls';
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
};

/**
 * A chat call as a journaled effect: once its answer is in the journal the model is not asked again, whatever crashes
 * and however often the node runs. The call is reserved on the key of the run before it is made, and its tokens and
 * cost are on the run's trace. The answer that later steps see, and that a person approves, is the one recorded here.
 */
export const askModel = (deps: ModelDependencies): Tool<ModelArgs, ModelResult> => ({
  name: 'model',
  description: 'Asks a chat model of the catalogue.',
  repeatability: 'read',
  timeoutMs: MODEL_TIMEOUT_MS,
  maxAttempts: 3,
  parameters: {
    type: 'object',
    properties: {
      messages: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: {
            role: { enum: ['system', 'user', 'assistant'] },
            content: { type: 'string' },
          },
          required: ['role', 'content'],
          additionalProperties: false,
        },
      },
      model: { type: 'string', minLength: 1 },
      max_output_tokens: { type: 'integer', minimum: 1 },
      temperature: { type: 'number', minimum: 0, maximum: 2 },
    },
    required: ['messages'],
    additionalProperties: false,
  },
  result: {
    type: 'object',
    properties: { text: { type: 'string' }, finish_reason: { type: 'string' }, usage: { type: 'object' } },
    required: ['text'],
  },
  async run({ messages, model, max_output_tokens: limit, temperature }, { afford, span }) {
    const entry = findModel(deps.catalogue, model ?? defaultAliases.chat, 'chat');
    const conversation = messages.map(
      ({ role, content }): Message =>
        role === 'system' ? { role, content } : { role, content: [{ type: 'text', text: content }] },
    );
    const call: ChatCall = {
      messages: conversation,
      maxOutputTokens: limit ?? entry.capabilities.maxOutputTokens,
      ...(temperature === undefined ? {} : { temperature }),
    };
    await afford(worstCaseOfCall(entry, call));
    let text = '';
    for await (const event of chat(deps, entry, call, span)) {
      if (event.type === 'text') text += event.delta;
      if (event.type === 'refusal') throw new Failure('unprocessable', `The model refused: ${event.delta}`);
      if (event.type === 'finish') {
        const usage = { input_tokens: event.tokens.input, output_tokens: event.tokens.output };
        return { text, finish_reason: event.reason, usage };
      }
    }
    throw new Failure('upstream_failed', `The model '${entry.name}' ended without an answer.`);
  },
});
