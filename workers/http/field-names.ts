import type { FieldNames } from '../../core/models/request-fields.ts';

const shared = {
  model: 'model',
  temperature: 'temperature',
  topP: 'top_p',
  stop: 'stop',
  seed: 'seed',
  tools: 'tools',
  toolChoice: 'tool_choice',
} as const;

/** What the core's names are called in a body of `/v1/responses`. */
export const responsesFields: FieldNames = {
  ...shared,
  question: 'input',
  messages: 'input',
  json: 'text.format',
  maxOutputTokens: 'max_output_tokens',
};

/** What the core's names are called in a body of `/v1/chat/completions`. */
export const chatFields: FieldNames = {
  ...shared,
  question: 'messages',
  messages: 'messages',
  json: 'response_format',
  maxOutputTokens: 'max_completion_tokens',
};
