import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { createDataset, type Dataset, type EvaluationCase } from '../../core/evaluate/dataset.ts';
import { notFound } from '../../core/failure.ts';
import { needs } from './authentication.ts';
import type { Context, Routes } from './context.ts';
import { paging, rangeOf, shownPage } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';

/** Ten runs of a thousand cases fit D1's limits a request; a larger dataset is several. */
const MAX_CASES = 1_000;

const words = z.string().regex(/\S/, 'expected a text that is not blank');

const newDataset = z.strictObject({
  name: words.max(200),
  cases: z
    .array(
      z.strictObject({
        id: z
          .string()
          .regex(
            /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
            'expected up to 64 letters, digits, dots, dashes and underscores',
          )
          .optional(),
        question: words.max(10_000),
        answers: z.array(words.max(2_000)).max(20),
      }),
    )
    .min(1)
    .max(MAX_CASES),
});

const shown = (dataset: Dataset) => ({
  id: dataset.id,
  name: dataset.name,
  hash: dataset.hash,
  size: dataset.size,
  created_at: new Date(dataset.createdAt).toISOString(),
});

const shownCase = ({ id, question, answers }: EvaluationCase) => ({ id, question, answers });

async function find(c: Context, id: string): Promise<Dataset> {
  const dataset = await c.var.services.datasets.find(c.var.scope.tenantId, id);
  if (dataset === null) throw notFound('dataset', id);
  return dataset;
}

export const datasets = new Hono<Routes>()
  .post(
    '/',
    needs('evals'),
    describeRoute({
      summary: 'Add a dataset',
      description: 'A case without answers is a question that the documents do not answer.',
      tags: ['evaluations'],
    }),
    jsonBody(newDataset),
    async (c) => {
      const { name, cases } = c.req.valid('json');
      return c.json(shown(await createDataset(c.var.services, c.var.scope.tenantId, name, cases)), 201);
    },
  )
  .get(
    '/',
    needs('read'),
    describeRoute({ summary: 'Datasets, newest first', tags: ['evaluations'] }),
    queryString(paging),
    async (c) => {
      const range = rangeOf(c.req.valid('query'));
      return c.json(shownPage(await c.var.services.datasets.list(c.var.scope.tenantId, range), shown));
    },
  )
  .get('/:id', needs('read'), describeRoute({ summary: 'One dataset', tags: ['evaluations'] }), async (c) =>
    c.json(shown(await find(c, c.req.param('id')))),
  )
  .get(
    '/:id/cases',
    needs('read'),
    describeRoute({ summary: 'The cases of a dataset, in their order', tags: ['evaluations'] }),
    queryString(paging),
    async (c) => {
      const { id } = await find(c, c.req.param('id'));
      const range = rangeOf(c.req.valid('query'));
      const page = await c.var.services.datasets.cases(c.var.scope.tenantId, id, range);
      return c.json(shownPage(page, shownCase));
    },
  );
