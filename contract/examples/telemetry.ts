import type { Span, TraceSummary } from '../traces.ts';
import type { UsageReport } from '../usage.ts';
import { at, ids } from './ids.ts';

export const usageReport: UsageReport = {
  data: [
    {
      group: '2026-11-25',
      requests: 128,
      input_tokens: 210_540,
      output_tokens: 18_211,
      cost_usd: 0.0421,
      p50_ms: 840,
      p95_ms: 2310,
    },
  ],
  total: { requests: 128, cost_usd: 0.0421 },
};

export const traceSummary: TraceSummary = {
  trace_id: ids.trace,
  request_id: ids.request,
  key: ids.key,
  route: 'POST /v1/responses',
  status: 200,
  prompt_version: 'default@1',
  models: ['bge-small', 'llama-3.1-8b'],
  usage: { input_tokens: 1641, output_tokens: 92 },
  cost_usd: 0.00049,
  prices: '2026-11-18',
  time_to_first_token_ms: 420,
  duration_ms: 1310,
  stages: { retrieve: 160, rerank: 45, generate: 1080 },
  error: null,
  started_at: at,
};

export const span: Span = {
  span_id: 'a1b2c3d4e5f60718',
  parent_id: null,
  name: 'generate',
  stage: 'generate',
  started_at: at,
  duration_ms: 1080,
  attributes: { 'gen_ai.request.model': 'llama-3.1-8b' },
  model: 'llama-3.1-8b',
  cost_usd: 0.00049,
  error: null,
};
