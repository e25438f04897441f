import { vectorizeError } from './vectorize-error.ts';

/**
 * Metadata filters as https://developers.cloudflare.com/vectorize/reference/metadata-filtering/ has them.
 *
 *  LOC-11 Only properties with a metadata index can match, by what was indexed when the vector was written.
 *  LOC-12 A string is indexed, and therefore compared, by its first 64 bytes, cut at a character.
 *  LOC-13 A property that a vector lacks equals only `null`; `$ne` and `$nin` accept it, ranges do not.
 *  LOC-14 Several keys are joined by AND. One key takes one operator, or one lower and one upper bound.
 */
/** Property paths (`author.name`) that filters may ask about; at most ten in production. */
export type MetadataIndexes = Readonly<Record<string, 'string' | 'number' | 'boolean'>>;

type Scalar = string | number | boolean | null;
type Metadata = NonNullable<VectorizeVector['metadata']>;
export type Matcher = (indexed: Metadata) => boolean;

const INDEXED_STRING_BYTES = 64;
/** "Less than 2048 bytes" of compact JSON. */
const FILTER_BYTES = 2048;
const KEY_CHARACTERS = 512;

/** The part of the metadata that filters can see, in the same shape. */
export function indexedMetadata(metadata: Metadata, indexes: MetadataIndexes): Metadata {
  const indexed: Record<string, string | number | boolean | Record<string, string | number | boolean>> = {};
  for (const [path, type] of Object.entries(indexes)) {
    const value = valueAt(metadata, path);
    if (value === null || typeof value !== type) continue;
    const [outer = path, inner] = path.split('.');
    if (inner === undefined) indexed[outer] = cut(value);
    else indexed[outer] = { ...(indexed[outer] as object), [inner]: cut(value) };
  }
  return indexed;
}

export function matcher(filter: VectorizeVectorMetadataFilter): Matcher {
  const size = new TextEncoder().encode(JSON.stringify(filter)).length;
  if (size >= FILTER_BYTES) throw refused(`must be less than ${FILTER_BYTES} bytes, got ${size}`);
  const conditions = Object.entries(filter).map(([path, condition]) => {
    checkKey(path);
    const holds = conditionHolds(path, condition);
    return (indexed: Metadata) => holds(valueAt(indexed, path));
  });
  if (conditions.length === 0) throw refused('must be a non-empty object');
  return (indexed) => conditions.every((holds) => holds(indexed));
}

function checkKey(path: string): void {
  const broken = path
    .split('.')
    .some((key) => key === '' || key.startsWith('$') || /["|]/.test(key) || key.length > KEY_CHARACTERS);
  if (broken) throw refused(`has the invalid key '${path}'`);
}

type Condition = (value: Scalar) => boolean;

function conditionHolds(path: string, condition: unknown): Condition {
  if (isScalar(condition)) return equals(condition);
  if (typeof condition !== 'object' || Array.isArray(condition)) {
    throw refused(`'${path}' must be a string, a number, a boolean, null or an object of operators`);
  }
  const operators = Object.entries(condition ?? {});
  const bounds = operators.map(([operator]) => operator.slice(0, 3));
  const isRange = bounds.length === 2 && bounds.includes('$gt') && bounds.includes('$lt');
  if (operators.length !== 1 && !isRange) {
    throw refused(`'${path}' takes one operator, or one lower and one upper bound`);
  }
  const conditions = operators.map(([operator, operand]) => operatorHolds(path, operator, operand));
  return (value) => conditions.every((holds) => holds(value));
}

function operatorHolds(path: string, operator: string, operand: unknown): Condition {
  if (operator === '$in' || operator === '$nin') {
    if (!Array.isArray(operand) || !operand.every(isScalar)) {
      throw refused(`'${path}.${operator}' must be an array of strings, numbers and booleans`);
    }
    const among = operand.map(equals);
    const wanted = operator === '$in';
    return (value) => among.some((holds) => holds(value)) === wanted;
  }
  if (!isScalar(operand)) {
    throw refused(`'${path}.${operator}' must be a string, a number, a boolean or null`);
  }
  const equal = equals(operand);
  switch (operator) {
    case '$eq':
      return equal;
    case '$ne':
      return (value) => !equal(value);
    case '$lt':
      return ordered(operand, (order) => order < 0);
    case '$lte':
      return ordered(operand, (order) => order <= 0);
    case '$gt':
      return ordered(operand, (order) => order > 0);
    case '$gte':
      return ordered(operand, (order) => order >= 0);
    default:
      throw refused(`'${path}' has the unknown operator '${operator}'`);
  }
}

function equals(operand: Scalar): Condition {
  const wanted = cut(operand);
  return (value) => value === wanted;
}

/** Strings are in the order of their code units, numbers in their own; unlike types are in no order. */
function ordered(operand: Scalar, accepts: (order: number) => boolean): Condition {
  const bound = cut(operand);
  return (value) => {
    if (typeof value === 'number' && typeof bound === 'number') return accepts(value - bound);
    if (typeof value !== 'string' || typeof bound !== 'string') return false;
    return accepts(value < bound ? -1 : value > bound ? 1 : 0);
  };
}

function valueAt(metadata: Metadata, path: string): Scalar {
  let value: unknown = metadata;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Record<string, unknown>)[key];
  }
  return isScalar(value) ? value : null;
}

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

function cut<T extends Scalar>(value: T): T | string {
  if (typeof value !== 'string' || value.length * 3 <= INDEXED_STRING_BYTES) return value;
  const encoded = new TextEncoder().encode(value);
  if (encoded.length <= INDEXED_STRING_BYTES) return value;
  let end = INDEXED_STRING_BYTES;
  // A UTF-8 continuation byte is 10xxxxxx: step back to the start of the character.
  while (((encoded[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return new TextDecoder().decode(encoded.subarray(0, end));
}

const refused = (problem: string): Error =>
  vectorizeError('QUERY', `Failed to parse the request body as JSON: filter: ${problem}`, 40026);
