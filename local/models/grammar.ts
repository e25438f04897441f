import type { ChatModelFunctions, GbnfJsonSchema } from 'node-llama-cpp';
import { Refusal } from './refusal.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Words about a value that change no shape. */
const annotations = [
  'title',
  'description',
  'default',
  'examples',
  '$schema',
  '$id',
  '$comment',
  'deprecated',
];
/**
 * Bounds on a value that a grammar cannot hold. They are let through: the shape is enforced here, and the
 * Worker checks every structured answer against its whole schema before it calls it completed.
 */
const bounds = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'pattern',
  'uniqueItems',
];
const scalarTypes = ['string', 'number', 'integer', 'boolean', 'null'];

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * JSON Schema to the subset that llama.cpp's grammar generator takes. It always writes every property, so an
 * optional one is present. A keyword that would change the shape and cannot be held is refused by name.
 *
 * @param path where in the request the schema stands, for the error.
 */
export function grammarSchema(schema: unknown, path: string): GbnfJsonSchema {
  if (!isSchema(schema)) throw refuse(path, 'expected a JSON Schema object');
  const known = [...annotations, ...bounds];
  const take = (...keywords: string[]): void => {
    known.push(...keywords);
  };
  const converted = convert(schema, path, take);
  const unknown = Object.keys(schema).find((keyword) => !known.includes(keyword));
  if (unknown !== undefined)
    throw refuse(`${path}.${unknown}`, `the keyword '${unknown}' cannot be enforced`);
  const description = typeof schema.description === 'string' ? { description: schema.description } : {};
  const definitions = isSchema(schema.$defs) ? { $defs: mapSchemas(schema.$defs, `${path}.$defs`) } : {};
  return { ...converted, ...description, ...definitions };
}

function convert(schema: Schema, path: string, take: (...keywords: string[]) => void): GbnfJsonSchema {
  take('$defs');
  if (typeof schema.$ref === 'string') {
    take('$ref');
    if (!schema.$ref.startsWith('#/$defs/')) throw refuse(`${path}.$ref`, 'only #/$defs/… can be followed');
    return { $ref: schema.$ref as `#/$defs/${string}` };
  }
  for (const keyword of ['anyOf', 'oneOf']) {
    const choices = schema[keyword];
    if (Array.isArray(choices)) {
      take(keyword);
      return { oneOf: choices.map((choice, at) => grammarSchema(choice, `${path}.${keyword}[${at}]`)) };
    }
  }
  if ('const' in schema) {
    take('const', 'type');
    return { const: scalar(schema.const, `${path}.const`) };
  }
  if (Array.isArray(schema.enum)) {
    take('enum', 'type');
    return { enum: schema.enum.map((value, at) => scalar(value, `${path}.enum[${at}]`)) };
  }
  take('type');
  if (Array.isArray(schema.type))
    return { oneOf: schema.type.map((type) => typed(schema, type, path, take)) };
  return typed(schema, schema.type ?? ('properties' in schema ? 'object' : undefined), path, take);
}

function typed(
  schema: Schema,
  type: unknown,
  path: string,
  take: (...keywords: string[]) => void,
): GbnfJsonSchema {
  if (type === 'object') {
    take('properties', 'required', 'additionalProperties');
    const { properties, additionalProperties } = schema;
    return {
      type,
      ...(isSchema(properties) ? { properties: mapSchemas(properties, `${path}.properties`) } : {}),
      ...(isSchema(additionalProperties)
        ? { additionalProperties: grammarSchema(additionalProperties, `${path}.additionalProperties`) }
        : {}),
    };
  }
  if (type === 'array') {
    take('items', 'minItems', 'maxItems');
    return {
      type,
      ...('items' in schema ? { items: grammarSchema(schema.items, `${path}.items`) } : {}),
      ...counts(schema, 'minItems', 'maxItems'),
    };
  }
  if (type === 'string') {
    take('minLength', 'maxLength', 'format');
    const { format } = schema;
    if (format === 'date' || format === 'time' || format === 'date-time') return { type, format };
    return { type, ...counts(schema, 'minLength', 'maxLength') };
  }
  if (type === 'number' || type === 'integer' || type === 'boolean' || type === 'null') return { type };
  throw refuse(`${path}.type`, `expected object, array, ${scalarTypes.join(', ')}`);
}

const mapSchemas = (schemas: Schema, path: string): Record<string, GbnfJsonSchema> =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, grammarSchema(schema, `${path}.${name}`)]),
  );

function counts(schema: Schema, ...keywords: string[]): Record<string, number> {
  return Object.fromEntries(
    keywords.flatMap((keyword) => {
      const value = schema[keyword];
      return typeof value === 'number' ? [[keyword, value]] : [];
    }),
  );
}

function scalar(value: unknown, path: string): string | number | boolean | null {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  throw refuse(path, 'expected a string, a number, a boolean or null');
}

const refuse = (path: string, what: string): Refusal =>
  new Refusal(400, 'schema_not_supported', `${path}: ${what}.`, path);

/** A grammar in which nothing but a call of one of the functions can be said. */
export const callSchema = (functions: ChatModelFunctions): GbnfJsonSchema => ({
  oneOf: Object.entries(functions).map(([name, { params }]) => ({
    type: 'object',
    properties: { name: { const: name }, arguments: params ?? { type: 'object' } },
  })),
});
