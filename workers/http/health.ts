import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import type { Services } from '../../adapters/services.ts';
import { defaultAliases, findModel, type ModelTask } from '../../core/models/catalogue.ts';
import { type ModelStatus, statuses } from '../../core/models/hosted-models.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { Routes } from './context.ts';

/** What goes on without a model, so that whoever reads this knows what to expect. */
const without: Readonly<Record<ModelTask, string>> = {
  chat: 'answers quote the documents; calls without documents fail',
  embedding: 'documents are found by full text alone',
  rerank: 'passages keep the order of the search; sentences are chosen by shared words',
};

const shown = ({ entry, standsIn, answers, missing }: ModelStatus) => ({
  name: entry.name,
  state: missing === null ? 'ready' : 'missing',
  stands_in: standsIn,
  ...(answers === null ? {} : { answers }),
  ...(missing === null ? {} : { reason: missing, meanwhile: without[entry.task] }),
});

/** 200 as soon as questions can be answered: with full text and quotes, also while models are missing. */
export const health = new Hono<Routes>().get(
  '/',
  describeRoute({
    summary: 'Whether questions can be answered, and by which models',
    tags: ['models'],
    security: [],
  }),
  async (c) => {
    const { services } = c.var;
    const chosen = [
      defaultModel(services, 'chat'),
      defaultModel(services, 'embedding'),
      defaultModel(services, 'rerank'),
    ];
    const [chat, embedding, rerank] = (await statuses(services, chosen)).map(shown);
    return c.json({ status: 'ok', version: packageJson.version, models: { chat, embedding, rerank } });
  },
);

const defaultModel = (services: Services, task: ModelTask) =>
  findModel(services.catalogue, defaultAliases[task], task);
