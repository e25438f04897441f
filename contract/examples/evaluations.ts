import type { z } from 'zod';
import type { CreateDatasetRequest, Dataset, DatasetCase } from '../datasets.ts';
import type { Evaluation, EvaluationReport, EvaluationResult, StartEvaluationRequest } from '../evals.ts';
import type { CreateFeedbackRequest, Feedback, JudgedConversation } from '../feedback.ts';
import { at, ids, later } from './ids.ts';

export const createDatasetRequest: CreateDatasetRequest = {
  name: 'Warranty questions',
  cases: [
    { id: 'frame', question: 'How long is the warranty on a frame?', answers: ['ten years'] },
    { id: 'colours', question: 'Which colours are there?', answers: [] },
  ],
};

export const dataset: Dataset = {
  id: ids.dataset,
  name: 'Warranty questions',
  hash: '3b7e1f0c9d2a4b5c8e6f7a8b9c0d1e2f3b7e1f0c9d2a4b5c8e6f7a8b9c0d1e2f',
  size: 2,
  created_at: at,
};

export const datasetCase: DatasetCase = {
  id: 'frame',
  question: 'How long is the warranty on a frame?',
  answers: ['ten years'],
};

export const startEvaluationRequest: z.input<typeof StartEvaluationRequest> = {
  dataset: ids.dataset,
  prompt_version: 'support@2',
  vector_store_ids: [ids.store],
  metrics: ['gold_answer', 'citation_valid'],
};

export const evaluation: Evaluation = {
  id: ids.evaluation,
  dataset: ids.dataset,
  prompt_version: 'support@2',
  model: 'extractive',
  pipeline: '9f2c4e81a07b3d56',
  vector_store_ids: [ids.store],
  metrics: ['gold_answer', 'citation_valid'],
  status: 'completed',
  counts: { total: 2, done: 2, errors: 0 },
  created_at: at,
  completed_at: later,
};

const result: EvaluationResult = {
  case: 'frame',
  trace_id: ids.trace,
  answer: 'Frames are guaranteed for ten years.',
  scores: { gold_answer: { kind: 'value', value: 1 }, citation_valid: { kind: 'value', value: 1 } },
  milliseconds: 1310,
  cost_usd: 0.00049,
  error: null,
};

export const evaluationReport: EvaluationReport = {
  ...evaluation,
  summary: [
    {
      metric: 'gold_answer',
      n: 1,
      not_measurable: 1,
      errors: 0,
      mean: 1,
      interval: { method: 'wilson', low: 0.21, high: 1 },
      p50: 1,
      p95: 1,
    },
  ],
  results: { data: [result], has_more: true, next: 'frame' },
};

export const scoreLines = [
  `{"run":{"dataset":"${dataset.hash}","prompt":"support@2","model":"extractive","pipeline":"9f2c4e81a07b3d56","metrics":{"gold_answer":"…"}}}`,
  '{"case":"frame","metric":"gold_answer","score":1}',
  '{"case":"colours","metric":"gold_answer","score":{"kind":"not-measurable","reason":"the case has no gold answer"}}',
  '',
].join('\n');

export const createFeedbackRequest: CreateFeedbackRequest = {
  response_id: ids.response,
  score: -1,
  correction: 'Forks are guaranteed for two years, not ten.',
};

export const feedback: Feedback = {
  id: 'feedback_8a7b6c5d4e3f42110099887766554433',
  trace_id: ids.trace,
  response_id: ids.response,
  score: -1,
  comment: null,
  correction: 'Forks are guaranteed for two years, not ten.',
  created_at: at,
};

export const judgedConversation: JudgedConversation = {
  ...feedback,
  prompt_version: 'support@2',
  messages: [
    { role: 'user', content: 'How long is the warranty on a fork?' },
    { role: 'assistant', content: 'Forks are guaranteed for ten years.' },
  ],
};
