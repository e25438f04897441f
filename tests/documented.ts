import { type Schema, Validator } from '@cfworker/json-schema';

/**
 * Holds whatever the Worker under test answers to what `/openapi.json` says.
 *
 *  CON-8 Every answer has the status, the media type and exactly the fields that its operation documents: a missing one
 *     and an undeclared one are both faults. Every event of a stream is one of its schema.
 *  CON-9 Every JSON body that is accepted satisfies the documented schema of its route.
 */
interface Media {
  readonly schema?: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, Media>>;
}

interface Operation {
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content & { readonly $ref?: string }>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Content>>;
  };
}

/** No field beyond those that an object's schema names. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'example' || key === 'enum' ? value : strict(value),
    ]),
  );
  const closes = 'properties' in inner && !('additionalProperties' in inner) && inner.type === 'object';
  return closes ? { ...inner, additionalProperties: false } : inner;
}

export class Documented {
  readonly #document: OpenApi;
  readonly #strictComponents: object;
  readonly #validators = new Map<string, Validator>();
  readonly #routes: readonly { readonly pattern: RegExp; readonly path: string }[];

  constructor(document: OpenApi) {
    this.#document = document;
    this.#strictComponents = { schemas: strict(document.components.schemas) as object };
    // A path without variables comes before one that it would also match.
    this.#routes = Object.keys(document.paths)
      .toSorted((a, b) => a.split('{').length - b.split('{').length)
      .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '([^/]+)')}/?$`) }));
  }

  /** The operation of a request, or null where no documented route is meant. */
  find(method: string, pathname: string): { readonly name: string; readonly operation: Operation } | null {
    for (const { path, pattern } of this.#routes) {
      const operation = this.#document.paths[path]?.[method.toLowerCase()];
      if (operation !== undefined && pattern.test(pathname)) return { name: `${method} ${path}`, operation };
    }
    return null;
  }

  /** What is wrong with an answer; null where nothing is. `body` is null where it is a stream or no JSON. */
  answer(name: string, operation: Operation, status: number, type: string, body: unknown): string | null {
    const documented = this.#answerOf(operation, status);
    if (documented === undefined) return `${name} answers ${status}, which is not documented`;
    if (type === '') return documented.content === undefined ? null : `${name} ${status} has no media type`;
    const media = documented.content?.[type];
    if (media === undefined) return `${name} ${status} is ${type}, which is not documented`;
    if (body === null || media.schema === undefined) return null;
    return this.#check(`${name} ${status}`, media.schema, body);
  }

  event(name: string, operation: Operation, event: unknown): string | null {
    const schema = operation.responses['200']?.content?.['text/event-stream']?.schema;
    return schema === undefined
      ? `${name}: its stream is not documented`
      : this.#check(`${name} event`, schema, event);
  }

  request(name: string, operation: Operation, body: unknown): string | null {
    const schema = operation.requestBody?.content?.['application/json']?.schema;
    if (schema === undefined) return null;
    return this.#check(`${name} request`, schema, body, this.#document.components);
  }

  #answerOf(operation: Operation, status: number): Content | undefined {
    const found = operation.responses[status] ?? (status >= 400 ? operation.responses.default : undefined);
    const reference = found?.$ref?.split('/').at(-1);
    return reference === undefined ? found : this.#document.components.responses[reference];
  }

  #check(name: string, schema: Schema, value: unknown, components = this.#strictComponents): string | null {
    const known = this.#validators.get(name);
    const closed = components === this.#strictComponents ? (strict(schema) as Schema) : schema;
    const validator = known ?? new Validator({ ...closed, components }, '2020-12', true);
    this.#validators.set(name, validator);
    const { valid, errors } = validator.validate(value);
    if (valid) return null;
    const depth = ({ keywordLocation }: { readonly keywordLocation: string }) => keywordLocation.length;
    const [deepest] = errors.toSorted((a, b) => depth(b) - depth(a));
    return `${name}: ${deepest?.instanceLocation} ${deepest?.error} in ${JSON.stringify(value)?.slice(0, 600)}`;
  }
}
