import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { generateSpecs, resolver } from 'hono-openapi';
import { OpenAiError, Problem } from '../../contract/errors.ts';
import { openAiError, problem } from '../../contract/examples/models.ts';
import packageFile from '../../package.json' with { type: 'json' };
import type { Routes } from './context.ts';
import { REQUEST_EXAMPLE } from './operation.ts';

type Responses = Readonly<Record<string, object>>;

interface RequestBody {
  readonly content?: Readonly<Record<string, { readonly schema?: unknown; readonly example?: unknown }>>;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly responses?: Responses;
  readonly requestBody?: RequestBody;
  readonly [REQUEST_EXAMPLE]?: unknown;
}

interface Document {
  readonly info: { readonly title: string; readonly version: string };
  readonly components: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const failureOf = (type: string, schema: object, example: object) => ({
  description: 'A failure: docs/reference/errors.md lists the codes.',
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

/** `/openapi.json`, made of the validators that guard the routes, and `/docs`, the same to read. No key needed. */
export function reference(application: Hono<Routes>): Hono<Routes> {
  const specification = async () => {
    const document = await generateSpecs(application, {
      documentation: {
        openapi: '3.1.0',
        info: {
          title: 'Selvedge',
          description: packageFile.description,
          version: packageFile.version,
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        components: {
          securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
          responses: failures(),
        },
        security: [{ key: [] }],
      },
    });
    return completed(document as Document);
  };
  return new Hono<Routes>()
    .get('/openapi.json', async (c) => c.json(await specification()))
    .get('/docs', async (c) => c.html(page(await specification())));
}

function page(document: Document) {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))].sort();
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${document.info.title} ${document.info.version}: the API</title>
<style>${raw(style)}</style>
</head>
<body>
<header><h1>${document.info.title}</h1><p>Version ${document.info.version}. Machine-readable: <a href="/openapi.json">openapi.json</a>. Every call but <code>/health</code> wants <code>Authorization: Bearer sk-…</code>.</p></header>
<nav aria-label="Parts">${tags.map((tag) => html`<a href="#${tag}">${tag}</a> `)}</nav>
<main>${tags.map(
    (tag) =>
      html`<section id="${tag}"><h2>${tag}</h2>${operations
        .filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag)
        .map(
          ({ path, method, operation }) => html`<details>
<summary><b>${method}</b> <code>${path}</code> <span>${operation.summary ?? ''}</span></summary>
${operation.description === undefined ? '' : html`<p>${operation.description}</p>`}
${(operation.parameters ?? []).map(
  (parameter) =>
    html`<p><code>${parameter.name}</code> in ${parameter.in}${parameter.required === true ? ', required' : ''}</p>`,
)}
${Object.entries(operation.requestBody?.content ?? {}).map(
  ([type, { schema }]) => html`<p>${type}</p><pre tabindex="0">${JSON.stringify(schema, null, 2)}</pre>`,
)}
</details>`,
        )}</section>`,
  )}</main>
</body>
</html>`;
}

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1c2330, #e6e4dd); --paper: light-dark(#faf8f3, #14171d); --line: light-dark(#d9d4c7, #2c323d); --indigo: light-dark(#2b3a73, #9fb0f0) }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 0 auto; padding: 2rem 1rem }
a { color: var(--indigo) } nav a { margin-right: .75rem } h2 { border-bottom: 1px solid var(--line); margin-top: 2rem }
details { border-bottom: 1px solid var(--line); padding: .4rem 0 } summary { cursor: pointer } summary b { display: inline-block; min-width: 4rem; font-size: 12px }
summary span { opacity: .8; margin-left: .5rem } pre { overflow: auto; max-height: 24rem; font-size: 12px; border: 1px solid var(--line); padding: .75rem }
`;
