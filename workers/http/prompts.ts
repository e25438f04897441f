import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { invalid } from '../../core/failure.ts';
import { defaultPrompt } from '../../core/prompts/default.ts';
import type { Prompt } from '../../core/prompts/library.ts';
import { type PromptContent, type PromptVersion, promptVersionName } from '../../core/prompts/prompt.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { paging, rangeOf, shownPage } from './paging.ts';
import { answerSchema } from './tools.ts';
import { jsonBody, queryString } from './validation.ts';

/** D1 holds 2 MB a row; a version stays far below it. */
const MAX_INSTRUCTIONS = 64_000;
const MAX_EXAMPLES = 50;
const MAX_EXAMPLE_TEXT = 8_000;
const MAX_SCHEMA = 64_000;

const promptName = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const labelName = /^[a-z][a-z0-9_-]{0,31}$/;

const content = z.strictObject({
  instructions: z.string().min(1).max(MAX_INSTRUCTIONS),
  examples: z
    .array(
      z.strictObject({
        question: z.string().min(1).max(MAX_EXAMPLE_TEXT),
        answer: z.string().min(1).max(MAX_EXAMPLE_TEXT),
      }),
    )
    .max(MAX_EXAMPLES)
    .default([]),
  model: z.string().min(1).max(200).default(defaultPrompt.model),
  answer: z.enum(['auto', 'generate', 'quote']).default(defaultPrompt.answer),
  retrieval: z
    .strictObject({
      max_results: z.int().min(1).max(50).default(defaultPrompt.retrieval.maxResults),
      embedding_weight: z.number().min(0).max(1).nullable().default(null),
      rerank: z.boolean().default(true),
    })
    .default({ max_results: defaultPrompt.retrieval.maxResults, embedding_weight: null, rerank: true }),
  output_schema: answerSchema
    .refine(
      (schema) => JSON.stringify(schema).length <= MAX_SCHEMA,
      `is longer than ${MAX_SCHEMA} characters`,
    )
    .nullable()
    .default(null),
});

const toContent = (body: z.infer<typeof content>): PromptContent => ({
  instructions: body.instructions,
  examples: body.examples,
  model: body.model,
  answer: body.answer,
  retrieval: {
    maxResults: body.retrieval.max_results,
    embeddingWeight: body.retrieval.embedding_weight,
    rerank: body.retrieval.rerank,
  },
  outputSchema: body.output_schema,
});

const shownVersion = (version: PromptVersion) => ({
  id: promptVersionName(version),
  prompt: version.promptId,
  version: version.version,
  hash: version.hash,
  labels: version.labels,
  instructions: version.instructions,
  examples: version.examples,
  model: version.model,
  answer: version.answer,
  retrieval: {
    max_results: version.retrieval.maxResults,
    embedding_weight: version.retrieval.embeddingWeight,
    rerank: version.retrieval.rerank,
  },
  output_schema: version.outputSchema,
  created_at: new Date(version.createdAt).toISOString(),
});

const shownPrompt = (prompt: Prompt) => ({
  id: prompt.id,
  latest_version: prompt.latestVersion,
  labels: prompt.labels,
  created_at: new Date(prompt.createdAt).toISOString(),
});

function versionNumber(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text))
    throw invalid('version', `'${text}' is not a version number from 1 on.`);
  return Number(text);
}

function named(pattern: RegExp, param: string, text: string): string {
  if (!pattern.test(text)) {
    throw invalid(param, `Invalid '${param}': '${text}' does not match ${pattern.source}.`);
  }
  return text;
}

export const prompts = new Hono<Routes>()
  .get(
    '/',
    needs('read'),
    describeRoute({ summary: "The tenant's prompts, by id", tags: ['prompts'] }),
    queryString(paging),
    async (c) => {
      const page = await c.var.services.prompts.list(c.var.scope.tenantId, rangeOf(c.req.valid('query')));
      return c.json(shownPage(page, shownPrompt));
    },
  )
  .get(
    '/:id',
    needs('read'),
    describeRoute({ summary: "A prompt's production version", tags: ['prompts'] }),
    async (c) => {
      const version = await c.var.services.prompts.resolve(c.var.scope.tenantId, { id: c.req.param('id') });
      return c.json(shownVersion(version));
    },
  )
  .get(
    '/:id/versions',
    needs('read'),
    describeRoute({ summary: "A prompt's versions, newest first", tags: ['prompts'] }),
    queryString(
      paging.extend({
        after: z
          .string()
          .regex(/^\d{1,9}$/)
          .optional(),
      }),
    ),
    async (c) => {
      const range = rangeOf(c.req.valid('query'));
      const page = await c.var.services.prompts.versions(c.var.scope.tenantId, c.req.param('id'), range);
      return c.json(shownPage(page, shownVersion));
    },
  )
  .get(
    '/:id/versions/:version',
    needs('read'),
    describeRoute({ summary: 'One version', tags: ['prompts'] }),
    async (c) => {
      const reference = { id: c.req.param('id'), version: versionNumber(c.req.param('version')) };
      return c.json(shownVersion(await c.var.services.prompts.resolve(c.var.scope.tenantId, reference)));
    },
  )
  .post(
    '/:id/versions',
    needs('write'),
    describeRoute({
      summary: 'Add a version (201); equal content is the version it was (200)',
      tags: ['prompts'],
    }),
    jsonBody(content),
    async (c) => {
      const id = named(promptName, 'id', c.req.param('id'));
      const wanted = toContent(c.req.valid('json'));
      const { version, created } = await c.var.services.prompts.create(c.var.scope.tenantId, id, wanted);
      return c.json(shownVersion(version), created ? 201 : 200);
    },
  )
  .put(
    '/:id/labels/:label',
    needs('write'),
    describeRoute({ summary: 'Point a label at a version: promote, or roll back', tags: ['prompts'] }),
    jsonBody(z.strictObject({ version: z.int().positive() })),
    async (c) => {
      const label = named(labelName, 'label', c.req.param('label'));
      const { version } = c.req.valid('json');
      const found = await c.var.services.prompts.label(
        c.var.scope.tenantId,
        c.req.param('id'),
        label,
        version,
      );
      return c.json(shownVersion(found));
    },
  );
