import type { z } from 'zod';
import type { CreatePromptVersionRequest, Prompt, PromptVersion } from '../prompts.ts';
import { at } from './ids.ts';

export const createPromptVersionRequest: z.input<typeof CreatePromptVersionRequest> = {
  instructions: 'You answer customers of a bicycle shop, in at most three sentences.',
  examples: [
    { question: 'How long is the warranty on a frame?', answer: 'Frames are guaranteed for ten years.' },
  ],
  model: 'default',
  answer: 'auto',
  retrieval: { max_results: 6, embedding_weight: null, rerank: true },
};

export const promptVersion: PromptVersion = {
  id: 'support@2',
  prompt: 'support',
  version: 2,
  hash: '9f2c5a0b7d1e4c63a8f0b2d4e6c8a0f19f2c5a0b7d1e4c63a8f0b2d4e6c8a0f1',
  labels: ['production'],
  instructions: 'You answer customers of a bicycle shop, in at most three sentences.',
  examples: [
    { question: 'How long is the warranty on a frame?', answer: 'Frames are guaranteed for ten years.' },
  ],
  model: 'default',
  answer: 'auto',
  retrieval: { max_results: 6, embedding_weight: null, rerank: true },
  output_schema: null,
  created_at: at,
};

export const prompt: Prompt = {
  id: 'support',
  latest_version: 2,
  labels: { production: 2 },
  created_at: at,
};
