import { z } from 'zod';
import { otherChatModels } from './chat-choice.ts';
import type { ModelHealth } from './models/server.ts';

/** What is read of the Worker's `/health`: how it gets along without a model that is not there. */
export const workerHealth = z.object({
  models: z.record(z.string(), z.object({ meanwhile: z.string().optional() })),
  calibration: z.string().optional(),
});
export type WorkerHealth = z.infer<typeof workerHealth>;

const labels = { chat: 'Chat', embedding: 'Embedding', rerank: 'Rerank', ocr: 'OCR' };

/** Which models are in use, what stands in for what, what is missing and what to do, and what could be chosen. */
export async function describeModels(
  local: readonly ModelHealth[],
  worker: WorkerHealth,
  environment: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const lines = local.map((model) => {
    const label = labels[model.kind].padEnd(9);
    if (model.state === 'missing') {
      const meanwhile = worker.models[model.kind]?.meanwhile;
      return `${label} missing: ${model.model}${meanwhile === undefined ? '' : ` (${meanwhile})`}. ${model.reason}`;
    }
    const role = model.stands_in ? `stands in for ${model.name}` : model.name;
    const fit = model.fit === 'quote' ? '; too small to write answers, so documents are quoted' : '';
    return `${label} ${model.model} (${role}${fit})`;
  });
  const choice = environment.SELVEDGE_CHAT_MODEL;
  const others = choice
    ? [`Chat is answered by ${choice} (SELVEDGE_CHAT_MODEL).`]
    : await otherChatModels(environment);
  const uncalibrated =
    worker.calibration === 'fallback'
      ? [
          'These two models have not been calibrated together, so answers are judged by shared words alone (calibrations in CATALOGUE).',
        ]
      : [];
  return [...lines, ...uncalibrated, ...others];
}
