import { describeRoute, resolver } from 'hono-openapi';
import { type ZodType, z } from 'zod';

/** One answer of a route: its schema, and a value of it that readers of the reference see. */
export interface Answer<Schema extends ZodType = ZodType> {
  readonly schema: Schema;
  readonly example?: z.input<Schema>;
  readonly description?: string;
  /** `application/json` where nothing is said. */
  readonly type?: string;
}

/** A route's successful answers by status; null is an answer without a body. */
export type Answers = Readonly<Record<number, ZodType | Answer | null>>;

export interface OperationOptions {
  /** Begins with a verb. */
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly answers: Answers;
  /** Other media types of the 200: a stream of events, say. */
  readonly streams?: ZodType;
  /** The form of an upload, where the body is one: the reference is told of it, and the route reads it as it comes. */
  readonly form?: ZodType;
  /** A body that the route takes, for readers of the reference. */
  readonly request?: unknown;
  /** For the few routes that ask for no key. */
  readonly public?: boolean;
}

/** Where `operation` leaves the example of a body until `reference.ts` puts it beside the body's schema. */
export const REQUEST_EXAMPLE = 'x-request-example';

const titles: Readonly<Record<number, string>> = { 200: 'Done.', 201: 'Created.', 204: 'Done; no body.' };

const isAnswer = (answer: ZodType | Answer): answer is Answer => 'schema' in answer;

/** The part of JSON Schema that OpenAPI's types of a request body know. */
type FormSchema = { readonly type: 'object'; readonly properties: Record<string, object> };

const formBody = (form: ZodType) => {
  const { $schema: _, ...schema } = z.toJSONSchema(form, { io: 'input' });
  return { required: true, content: { 'multipart/form-data': { schema: schema as FormSchema } } };
};

/**
 * Says what a route answers, in the words of `contract/`; `/openapi.json` and the reference are made of it, and the
 * tests hold every answer that they see to it. What a failure looks like is the same for all routes of a dialect, and
 * `reference.ts` adds it.
 */
export const operation = ({ summary, description, tag, answers, streams, ...options }: OperationOptions) =>
  describeRoute({
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    ...(options.public === true ? { security: [] } : {}),
    ...(options.form === undefined ? {} : { requestBody: formBody(options.form) }),
    ...(options.request === undefined ? {} : { [REQUEST_EXAMPLE]: options.request }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => {
        const title = titles[Number(status)] ?? 'Done.';
        if (answer === null) return [status, { description: title }];
        const { schema, example, description: said, type } = isAnswer(answer) ? answer : { schema: answer };
        const content = {
          [type ?? 'application/json']: {
            schema: resolver(schema),
            ...(example === undefined ? {} : { example }),
          },
          ...(streams === undefined ? {} : { 'text/event-stream': { schema: resolver(streams) } }),
        };
        return [status, { description: said ?? title, content }];
      }),
    ),
  });
