import type { CatalogueModel } from '../catalogue.ts';
import type { OpenAiError, Problem } from '../errors.ts';
import type { Health } from '../health.ts';
import type { PageSettings } from '../page.ts';
import { ids } from './ids.ts';

export const catalogueModel: CatalogueModel = {
  name: 'llama-3.1-8b',
  aliases: ['default'],
  task: 'chat',
  target: { kind: 'workers-ai', model: '@cf/meta/llama-3.1-8b-instruct-fp8' },
  capabilities: {
    tools: true,
    json_schema: true,
    context_tokens: 32_000,
    max_output_tokens: 4_096,
    answers: 'generate',
  },
  state: 'ready',
  reason: null,
  stands_in: null,
  price: { input_usd_per_million: 0.152, output_usd_per_million: 0.287 },
  prices: '2026-11-18',
  notional: false,
};

export const health: Health = {
  status: 'ok',
  version: '0.1.0',
  models: {
    chat: { name: 'llama-3.1-8b', state: 'ready', stands_in: null, answers: 'generate' },
    embedding: { name: 'bge-small', state: 'ready', stands_in: null },
    rerank: {
      name: 'bge-reranker',
      state: 'missing',
      stands_in: null,
      reason: 'The account does not list this model.',
      meanwhile: 'passages keep the order of the search; sentences are chosen by shared words',
    },
  },
  calibration: 'assumed',
};

export const pageSettings: PageSettings = {
  key: null,
  version: '0.1.0',
  title: 'Selvedge',
  accent: null,
  questions: ['How long is the warranty?'],
};

export const openAiError: OpenAiError = {
  error: {
    message: "Invalid 'temperature': expected at most 2.",
    type: 'invalid_request_error',
    param: 'temperature',
    code: 'invalid_value',
  },
};

export const problem: Problem = {
  type: 'https://selvedge.example/docs/errors#not_found',
  title: 'not found',
  status: 404,
  detail: `No trace with the id '${ids.trace}'.`,
  code: 'not_found',
  request_id: ids.request,
};
