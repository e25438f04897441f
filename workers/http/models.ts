import { Hono } from 'hono';
import { Catalogue as CatalogueList, type CatalogueModel } from '../../contract/catalogue.ts';
import { catalogueModel } from '../../contract/examples/models.ts';
import { Model, ModelList } from '../../contract/models.ts';
import { exampleModel } from '../../contract/openai-examples.ts';
import { Failure } from '../../core/failure.ts';
import type { CalibrationStatus } from '../../core/models/calibration.ts';
import { type Catalogue, type ModelEntry, retrievalModels } from '../../core/models/catalogue.ts';
import { defaultCalibration, type ModelStatus, statuses } from '../../core/models/hosted-models.ts';
import { pricesPerMillion, priceTable } from '../../core/models/prices.ts';
import { providerName } from '../../core/models/provider.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { operation } from './operation.ts';

/** OpenAI's shape: every name and every alias is a model to its clients. */
const serializeModel = (id: string, entry: ModelEntry): Model => ({
  id,
  object: 'model',
  created: 0,
  owned_by: providerName(entry.target.kind),
});

const allModels = (catalogue: Catalogue): Model[] => [
  ...Object.entries(catalogue.aliases).flatMap(([alias, name]) => {
    const entry = catalogue.entries.find((candidate) => candidate.name === name);
    return entry === undefined ? [] : [serializeModel(alias, entry)];
  }),
  ...catalogue.entries.map((entry) => serializeModel(entry.name, entry)),
];

export const openAiModels = new Hono<Routes>()
  .use(needs('read'))
  .get(
    '/',
    operation({
      summary: 'List the names and aliases of all models',
      tag: 'models',
      answers: { 200: { schema: ModelList, example: { object: 'list', data: [exampleModel] } } },
    }),
    (c) => c.json<ModelList>({ object: 'list', data: allModels(c.var.services.catalogue) }),
  )
  .get(
    '/:name{.+}',
    operation({
      summary: 'Read one model',
      tag: 'models',
      answers: { 200: { schema: Model, example: exampleModel } },
    }),
    (c) => {
      const name = c.req.param('name');
      const found = allModels(c.var.services.catalogue).find(({ id }) => id === name);
      if (found === undefined) {
        throw new Failure('not_found', `No model with the name '${name}'.`, { reason: 'model_not_found' });
      }
      return c.json(found);
    },
  );

const capabilitiesOf = (entry: ModelEntry) => {
  switch (entry.task) {
    case 'chat':
      return {
        tools: entry.capabilities.tools,
        json_schema: entry.capabilities.jsonSchema,
        context_tokens: entry.capabilities.contextTokens,
        max_output_tokens: entry.capabilities.maxOutputTokens,
      };
    case 'embedding':
      return { dimensions: entry.dimensions, max_tokens: entry.maxTokens };
    case 'rerank':
      return { max_tokens: entry.maxTokens };
    case 'ocr':
      return { max_input_tokens: entry.maxInputTokens, max_output_tokens: entry.maxOutputTokens };
  }
};

/** The pair with which documents are found: its scores mean something only together. */
const isDefaultOfRetrieval = (entry: ModelEntry, catalogue: Catalogue): boolean =>
  Object.values(retrievalModels(catalogue)).includes(entry);

const serializeEntry = (
  status: ModelStatus,
  catalogue: Catalogue,
  calibration: CalibrationStatus,
): CatalogueModel => {
  const { entry, standsIn, answers, notional, missing } = status;
  const prices = pricesPerMillion(entry.price);
  return {
    name: entry.name,
    aliases: Object.keys(catalogue.aliases).filter((alias) => catalogue.aliases[alias] === entry.name),
    task: entry.task,
    target: { kind: entry.target.kind, model: entry.target.model },
    capabilities: { ...capabilitiesOf(entry), ...(answers === null ? {} : { answers }) },
    state: missing === null ? 'ready' : 'missing',
    reason: missing,
    stands_in: standsIn,
    price:
      prices === null ? null : { input_usd_per_million: prices.input, output_usd_per_million: prices.output },
    prices: entry.price.kind === 'table' ? priceTable : entry.price.kind,
    notional,
    ...(isDefaultOfRetrieval(entry, catalogue) ? { calibration } : {}),
  };
};

export const models = new Hono<Routes>().get(
  '/',
  needs('read'),
  operation({
    summary: 'List the catalogue: the task, state and price of each model',
    description:
      '`stands_in` names the model that really answers where it is another; a `notional` price is what the hosted ' +
      'model would cost.',
    tag: 'models',
    answers: { 200: { schema: CatalogueList, example: { data: [catalogueModel] } } },
  }),
  async (c) => {
    const { services } = c.var;
    const all = await statuses(services, services.catalogue.entries);
    const calibration = defaultCalibration(services.catalogue, all);
    return c.json<CatalogueList>({
      data: all.map((status) => serializeEntry(status, services.catalogue, calibration)),
    });
  },
);
