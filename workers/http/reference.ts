import { Hono } from 'hono';
import { generateSpecs, resolver } from 'hono-openapi';
import { OpenAiError, Problem } from '../../contract/errors.ts';
import { openAiError, problem } from '../../contract/examples/models.ts';
import packageFile from '../../package.json' with { type: 'json' };
import type { Routes } from './context.ts';
import { REQUEST_EXAMPLE } from './operation.ts';
import { errorsPage, referencePage, referencePolicy } from './reference-page.ts';

const pageHeaders = { 'content-security-policy': referencePolicy };

type Responses = Readonly<Record<string, object>>;

interface RequestBody {
  readonly content?: Readonly<Record<string, { readonly schema?: unknown; readonly example?: unknown }>>;
}

interface Operation {
  readonly responses?: Responses;
  readonly requestBody?: RequestBody;
  readonly [REQUEST_EXAMPLE]?: unknown;
}

interface Document {
  readonly info: { readonly title: string; readonly version: string };
  readonly components: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** In the order in which a reader meets them. */
const tags = [
  ['answers', "Answers from documents or by the model alone: OpenAI's Responses and Chat Completions."],
  ['files', 'Uploads.'],
  ['vector stores', 'Collections of documents, and search in them.'],
  ['vector store files', 'Documents of a collection: progress, parsed text, attributes.'],
  ['models', 'What can be asked, its state and its price.'],
  ['prompts', 'Numbered versions of what answers are written from, and the labels that choose one.'],
  ['feedback', 'What people thought of answers.'],
  ['evaluations', 'Datasets, and runs of a prompt version over them.'],
  ['agents', 'Runs that pause for people, and can be forked and replayed.'],
  ['traces', 'Each request as a tree of spans.'],
  ['usage', 'Requests, tokens and cost by key, model, prompt or day.'],
  ['keys', 'API keys with scopes, budgets and rates.'],
  ['page', 'What the pages of this service need to start.'],
] as const;

const failureOf = (type: string, schema: object, example: object) => ({
  description: 'A failure: `/docs/errors` lists the codes.',
  content: { [type]: { schema, example } },
});

/** The two bodies that `errors.ts` makes of a failure; each operation names the one of its dialect. */
const failures = () => ({
  OpenAiError: failureOf('application/json', resolver(OpenAiError), openAiError),
  Problem: failureOf('application/problem+json', resolver(Problem), problem),
});

/**
 * Completes what the generator cannot know: what a failure looks like, and where the example of a body belongs. It
 * also drops the generator's own 400, which no caller ever sees.
 */
function completed(document: Document): Document {
  const complete = (path: string, operation: Operation): Operation => {
    const { [REQUEST_EXAMPLE]: example, responses, requestBody, ...rest } = operation;
    const { 400: _refused, ...answers } = responses ?? {};
    const failure = path.startsWith('/v1/') ? 'OpenAiError' : 'Problem';
    return {
      ...rest,
      ...(requestBody === undefined ? {} : { requestBody: withExample(requestBody, example) }),
      responses: { ...answers, default: { $ref: `#/components/responses/${failure}` } },
    };
  };
  const paths = Object.entries(document.paths).map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => [method, complete(path, operation)]),
    ),
  ]);
  return { ...document, paths: Object.fromEntries(paths) };
}

const withExample = (body: RequestBody, example: unknown): RequestBody =>
  example === undefined
    ? body
    : {
        ...body,
        content: Object.fromEntries(
          Object.entries(body.content ?? {}).map(([type, media]) => [type, { ...media, example }]),
        ),
      };

/** `/openapi.json`, made of the validators that guard the routes, and `/docs`, the same to read. Neither asks for a key. */
export function reference(application: Hono<Routes>): Hono<Routes> {
  const generate = async () => {
    const document = await generateSpecs(application, {
      documentation: {
        openapi: '3.1.0',
        info: {
          title: 'Selvedge',
          description: packageFile.description,
          version: packageFile.version,
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        tags: tags.map(([name, description]) => ({ name, description })),
        components: {
          securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
          responses: failures(),
        },
        security: [{ key: [] }],
      },
    });
    return completed(document as Document);
  };
  // It takes up to a second, and is the same for everybody. The value is kept and not the promise, which would belong
  // to the request that began it.
  let generated: Document | undefined;
  const specification = async () => {
    generated ??= await generate();
    return generated;
  };
  return new Hono<Routes>()
    .get('/openapi.json', async (c) => c.json(await specification()))
    .get('/docs', (c) => c.html(referencePage, 200, pageHeaders))
    .get('/docs/errors', (c) => c.html(errorsPage, 200, pageHeaders));
}
