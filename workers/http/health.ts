import { Hono } from 'hono';
import { health as example } from '../../contract/examples/models.ts';
import { Health, type ModelState } from '../../contract/health.ts';
import { defaultAliases, findModel, type ModelTask } from '../../core/models/catalogue.ts';
import { defaultCalibration, type ModelStatus, statuses } from '../../core/models/hosted-models.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { Routes } from './context.ts';
import { operation } from './operation.ts';

/** What still works without a model, so that readers know what to expect. */
const without: Readonly<Record<ModelTask, string>> = {
  chat: 'answers quote the documents; calls without documents fail',
  ocr: 'pages that are pictures are not read',
  embedding: 'documents are found by full text alone',
  rerank: 'passages keep the order of the search; sentences are chosen by shared words',
};

const serializeState = ({ entry, standsIn, answers, missing }: ModelStatus): ModelState => ({
  name: entry.name,
  state: missing === null ? 'ready' : 'missing',
  stands_in: standsIn,
  ...(answers === null ? {} : { answers }),
  ...(missing === null ? {} : { reason: missing, meanwhile: without[entry.task] }),
});

/** 200 as soon as questions can be answered: with full text and quotes, also while models are missing. */
export const health = new Hono<Routes>().get(
  '/',
  operation({
    summary: 'Check whether questions can be answered, and by which models',
    tag: 'models',
    public: true,
    answers: { 200: { schema: Health, example } },
  }),
  async (c) => {
    const { services } = c.var;
    const chosen = (['chat', 'embedding', 'rerank'] as const).map((task) =>
      findModel(services.catalogue, defaultAliases[task], task),
    );
    const known = await statuses(services, chosen);
    const [chat, embedding, rerank] = known.map(serializeState);
    if (chat === undefined || embedding === undefined || rerank === undefined) {
      throw new Error('A default model has no status');
    }
    return c.json<Health>({
      status: 'ok',
      version: packageJson.version,
      models: { chat, embedding, rerank },
      calibration: defaultCalibration(services.catalogue, known),
    });
  },
);
