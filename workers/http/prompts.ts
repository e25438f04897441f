import { Hono } from 'hono';
import { onePage } from '../../contract/examples/ids.ts';
import * as examples from '../../contract/examples/prompts.ts';
import { Paging } from '../../contract/paging.ts';
import {
  CreatePromptVersionRequest,
  LabelName,
  type Prompt,
  PromptList,
  PromptName,
  PromptVersion,
  PromptVersionList,
  PromptVersionQuery,
  SetLabelRequest,
} from '../../contract/prompts.ts';
import { invalid } from '../../core/failure.ts';
import { asId, type PromptId } from '../../core/identifier.ts';
import { schemaFault } from '../../core/json-schema.ts';
import { defaultPrompt } from '../../core/prompts/default.ts';
import type { Prompt as StoredPrompt } from '../../core/prompts/library.ts';
import {
  type PromptContent,
  promptVersionName,
  type PromptVersion as StoredVersion,
} from '../../core/prompts/prompt.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { operation } from './operation.ts';
import { isoTime, rangeOf, serializePage } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';

function toContent(body: CreatePromptVersionRequest): PromptContent {
  const fault = body.output_schema === null ? null : schemaFault(body.output_schema);
  if (fault !== null) throw invalid('output_schema', `Invalid 'output_schema': the schema ${fault}.`);
  return {
    instructions: body.instructions,
    examples: body.examples,
    model: body.model ?? defaultPrompt.model,
    answer: body.answer ?? defaultPrompt.answer,
    retrieval: {
      maxResults: body.retrieval?.max_results ?? defaultPrompt.retrieval.maxResults,
      embeddingWeight: body.retrieval?.embedding_weight ?? null,
      rerank: body.retrieval?.rerank ?? true,
    },
    outputSchema: body.output_schema,
  };
}

const serializeVersion = (version: StoredVersion): PromptVersion => ({
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
  created_at: isoTime(version.createdAt),
});

const serializePrompt = (prompt: StoredPrompt): Prompt => ({
  id: prompt.id,
  latest_version: prompt.latestVersion,
  labels: prompt.labels,
  created_at: isoTime(prompt.createdAt),
});

function versionNumber(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) {
    throw invalid('version', `Invalid 'version': expected a version number, 1 or more, not '${text}'.`);
  }
  return Number(text);
}

/** Names in a path are checked where they are made; a name that cannot exist is simply not found elsewhere. */
function checkName(schema: typeof PromptName, param: string, text: string): string {
  const parsed = schema.safeParse(text);
  if (!parsed.success) throw invalid(param, `Invalid '${param}': ${parsed.error.issues[0]?.message}.`);
  return parsed.data;
}

const tag = 'prompts';
const version = { schema: PromptVersion, example: examples.promptVersion };

export const prompts = new Hono<Routes>()
  .get(
    '/',
    needs('read'),
    operation({
      summary: 'List prompts, by id',
      tag,
      answers: { 200: { schema: PromptList, example: onePage(examples.prompt) } },
    }),
    queryString(Paging),
    async (c) => {
      const page = await c.var.services.prompts.list(c.var.scope.tenantId, rangeOf(c.req.valid('query')));
      return c.json(serializePage(page, serializePrompt));
    },
  )
  .get(
    '/:id',
    needs('read'),
    operation({ summary: "Read a prompt's production version", tag, answers: { 200: version } }),
    async (c) => {
      const found = await c.var.services.prompts.resolve(c.var.scope.tenantId, {
        id: asId(c.req.param('id')),
      });
      return c.json(serializeVersion(found));
    },
  )
  .get(
    '/:id/versions',
    needs('read'),
    operation({
      summary: "List a prompt's versions, newest first",
      tag,
      answers: { 200: { schema: PromptVersionList, example: onePage(examples.promptVersion) } },
    }),
    queryString(PromptVersionQuery),
    async (c) => {
      const range = rangeOf(c.req.valid('query'));
      const page = await c.var.services.prompts.versions(
        c.var.scope.tenantId,
        asId(c.req.param('id')),
        range,
      );
      return c.json(serializePage(page, serializeVersion));
    },
  )
  .get(
    '/:id/versions/:version',
    needs('read'),
    operation({ summary: 'Read one version', tag, answers: { 200: version } }),
    async (c) => {
      const reference = {
        id: asId<PromptId>(c.req.param('id')),
        version: versionNumber(c.req.param('version')),
      };
      return c.json(serializeVersion(await c.var.services.prompts.resolve(c.var.scope.tenantId, reference)));
    },
  )
  .post(
    '/:id/versions',
    needs('write'),
    operation({
      summary: 'Add a version',
      description:
        'Content that is already a version returns that version (200); new content creates one (201).',
      tag,
      request: examples.createPromptVersionRequest,
      answers: {
        200: { ...version, description: 'This content is already a version.' },
        201: version,
      },
    }),
    jsonBody(CreatePromptVersionRequest),
    async (c) => {
      const id = asId<PromptId>(checkName(PromptName, 'id', c.req.param('id')));
      const wanted = toContent(c.req.valid('json'));
      const made = await c.var.services.prompts.create(c.var.scope.tenantId, id, wanted);
      return c.json(serializeVersion(made.version), made.created ? 201 : 200);
    },
  )
  .put(
    '/:id/labels/:label',
    needs('write'),
    operation({
      summary: 'Point a label at a version: promote it, or roll back',
      tag,
      request: { version: 2 },
      answers: { 200: version },
    }),
    jsonBody(SetLabelRequest),
    async (c) => {
      const label = checkName(LabelName, 'label', c.req.param('label'));
      const wanted = c.req.valid('json').version;
      const found = await c.var.services.prompts.label(
        c.var.scope.tenantId,
        asId(c.req.param('id')),
        label,
        wanted,
      );
      return c.json(serializeVersion(found));
    },
  );
