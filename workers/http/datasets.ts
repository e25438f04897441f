import { Hono } from 'hono';
import {
  CreateDatasetRequest,
  Dataset,
  type DatasetCase,
  DatasetCaseList,
  DatasetList,
} from '../../contract/datasets.ts';
import * as examples from '../../contract/examples/evaluations.ts';
import { onePage } from '../../contract/examples/ids.ts';
import { Paging } from '../../contract/paging.ts';
import {
  createDataset,
  type EvaluationCase,
  type Dataset as StoredDataset,
} from '../../core/evaluate/dataset.ts';
import { notFound } from '../../core/failure.ts';
import { asId, type CaseId, type DatasetId } from '../../core/identifier.ts';
import { needs } from './authentication.ts';
import type { Context, Routes } from './context.ts';
import { operation } from './operation.ts';
import { isoTime, rangeOf, serializePage } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';

const serializeDataset = (dataset: StoredDataset): Dataset => ({
  id: dataset.id,
  name: dataset.name,
  hash: dataset.hash,
  size: dataset.size,
  created_at: isoTime(dataset.createdAt),
});

const serializeCase = ({ id, question, answers }: EvaluationCase): DatasetCase => ({ id, question, answers });

async function find(c: Context, id: DatasetId): Promise<StoredDataset> {
  const dataset = await c.var.services.datasets.find(c.var.scope.tenantId, id);
  if (dataset === null) throw notFound('dataset', id);
  return dataset;
}

const toCase = ({ id, ...given }: CreateDatasetRequest['cases'][number]) => ({
  ...given,
  id: id === undefined ? undefined : asId<CaseId>(id),
});

const tag = 'evaluations';

export const datasets = new Hono<Routes>()
  .post(
    '/',
    needs('evals'),
    operation({
      summary: 'Add a dataset',
      description: 'A case without answers is a question that the documents do not answer.',
      tag,
      request: examples.createDatasetRequest,
      answers: { 201: { schema: Dataset, example: examples.dataset } },
    }),
    jsonBody(CreateDatasetRequest),
    async (c) => {
      const { name, cases } = c.req.valid('json');
      const made = await createDataset(c.var.services, c.var.scope.tenantId, name, cases.map(toCase));
      return c.json(serializeDataset(made), 201);
    },
  )
  .get(
    '/',
    needs('read'),
    operation({
      summary: 'List datasets, newest first',
      tag,
      answers: { 200: { schema: DatasetList, example: onePage(examples.dataset) } },
    }),
    queryString(Paging),
    async (c) => {
      const range = rangeOf(c.req.valid('query'));
      const page = await c.var.services.datasets.list(c.var.scope.tenantId, range);
      return c.json(serializePage(page, serializeDataset));
    },
  )
  .get(
    '/:id',
    needs('read'),
    operation({
      summary: 'Read a dataset',
      tag,
      answers: { 200: { schema: Dataset, example: examples.dataset } },
    }),
    async (c) => c.json(serializeDataset(await find(c, asId(c.req.param('id'))))),
  )
  .get(
    '/:id/cases',
    needs('read'),
    operation({
      summary: 'List the cases of a dataset, in their order',
      tag,
      answers: { 200: { schema: DatasetCaseList, example: onePage(examples.datasetCase) } },
    }),
    queryString(Paging),
    async (c) => {
      const { id } = await find(c, asId(c.req.param('id')));
      const range = rangeOf(c.req.valid('query'));
      const page = await c.var.services.datasets.cases(c.var.scope.tenantId, id, range);
      return c.json(serializePage(page, serializeCase));
    },
  );
