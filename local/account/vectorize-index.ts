import { type Operation, vectorizeError } from './vectorize-error.ts';
import { indexedMetadata, type MetadataIndexes } from './vectorize-filter.ts';

/** What `wrangler vectorize create` and `create-metadata-index` fix, given here as the binding's `props`. */
export interface IndexDefinition {
  readonly index: string;
  readonly dimensions: number;
  readonly metadata_indexes: MetadataIndexes;
}

/** A vector as it is stored: float32 as on Vectorize, metadata as compact JSON, and its filterable part apart. */
export interface VectorRow {
  readonly id: string;
  /** Empty for a vector without one. */
  readonly namespace: string;
  readonly values: Float32Array<ArrayBuffer>;
  readonly metadata: string | null;
  readonly indexed: string;
}

/** https://developers.cloudflare.com/vectorize/platform/limits/, and refusals of the service where that is silent. */
const limits = {
  vectorsAWrite: 1000,
  idsARead: 20,
  idsADelete: 100,
  idBytes: 64,
  namespaceBytes: 64,
  metadataBytes: 10_240,
  topK: 100,
  topKWithValuesOrMetadata: 50,
} as const;

const bytes = (text: string): number => new TextEncoder().encode(text).length;

export function vectorRows(
  operation: 'INSERT' | 'UPSERT',
  vectors: readonly VectorizeVector[],
  definition: IndexDefinition,
): VectorRow[] {
  if (vectors.length === 0) throw vectorizeError(operation, 'no vectors in payload');
  if (vectors.length > limits.vectorsAWrite) {
    throw vectorizeError(
      operation,
      `too many vectors in payload; max count is ${limits.vectorsAWrite}, got ${vectors.length}`,
    );
  }
  return vectors.map((vector) => vectorRow(operation, vector, definition));
}

function vectorRow(
  operation: Operation,
  { id, values, namespace = '', metadata }: VectorizeVector,
  definition: IndexDefinition,
): VectorRow {
  checkId(operation, id);
  checkNamespace(operation, namespace);
  if (values.length !== definition.dimensions) {
    throw vectorizeError(
      operation,
      `invalid vector for id="${id}", expected ${definition.dimensions} dimensions, and got ${values.length} dimensions`,
      40012,
    );
  }
  if (!values.every(Number.isFinite)) {
    throw vectorizeError(
      operation,
      `failed to parse ${operation.toLowerCase()} vectors request in json format`,
      40023,
    );
  }
  return {
    id,
    namespace,
    values: Float32Array.from(values),
    metadata: metadata === undefined ? null : checkedMetadata(operation, id, metadata),
    indexed: JSON.stringify(indexedMetadata(metadata ?? {}, definition.metadata_indexes)),
  };
}

function checkId(operation: Operation, id: string): void {
  if (typeof id !== 'string' || id === '') throw vectorizeError(operation, 'id must be a non-empty string');
  if (bytes(id) > limits.idBytes) {
    throw vectorizeError(
      operation,
      `id too long; max is ${limits.idBytes} bytes, got ${bytes(id)} bytes`,
      40008,
    );
  }
}

export function checkNamespace(operation: Operation, namespace: string): void {
  if (bytes(namespace) > limits.namespaceBytes) {
    throw vectorizeError(
      operation,
      `namespace too long; max is ${limits.namespaceBytes} bytes, got ${bytes(namespace)} bytes`,
      40009,
    );
  }
}

function checkedMetadata(
  operation: Operation,
  id: string,
  metadata: NonNullable<VectorizeVector['metadata']>,
): string {
  for (const key of Object.keys(metadata)) {
    if (key === '' || key.includes('.') || key.includes('"') || key.startsWith('$')) {
      throw vectorizeError(
        operation,
        `invalid metadata key '${key}' for vector id="${id}"; keys cannot be empty, contain "." or '"', or start with "$"`,
      );
    }
  }
  const json = JSON.stringify(metadata);
  if (bytes(json) > limits.metadataBytes) {
    throw vectorizeError(
      operation,
      `oversized metadata for vector id="${id}"; the compact JSON representation of the metadata must not exceed ${limits.metadataBytes} bytes, got ${bytes(json)} bytes`,
      40016,
    );
  }
  return json;
}

export function checkIds(operation: 'GET' | 'DELETE', ids: readonly string[]): void {
  const most = operation === 'GET' ? limits.idsARead : limits.idsADelete;
  if (ids.length > most) {
    throw vectorizeError(
      operation,
      `too many ids in payload; max id count is ${most}, got ${ids.length}`,
      40007,
    );
  }
  for (const id of ids) checkId(operation, id);
}

export function checkQueryVector(values: readonly number[] | VectorFloatArray, dimensions: number): void {
  if (values.length !== dimensions || !values.every(Number.isFinite)) {
    throw vectorizeError(
      'QUERY',
      `invalid query vector, expected ${dimensions} dimensions, and got ${values.length} dimensions`,
      40006,
    );
  }
}

/** The options with their defaults. `false` for `returnMetadata` is refused, as the service refuses it. */
export function queryOptions(options: VectorizeQueryOptions): {
  readonly topK: number;
  readonly returnValues: boolean;
  readonly returnMetadata: VectorizeMetadataRetrievalLevel;
} {
  const { topK = 5, returnValues = false } = options;
  const returnMetadata = options.returnMetadata === true ? 'all' : (options.returnMetadata ?? 'none');
  if (returnMetadata !== 'all' && returnMetadata !== 'indexed' && returnMetadata !== 'none') {
    throw vectorizeError(
      'QUERY',
      'Failed to parse the request body as JSON: returnMetadata: expected value',
      40026,
    );
  }
  if (!Number.isInteger(topK) || topK < 1) {
    throw vectorizeError('QUERY', `topK must be a positive integer, got ${topK}`);
  }
  const most = returnValues || returnMetadata === 'all' ? limits.topKWithValuesOrMetadata : limits.topK;
  if (topK > most) {
    throw vectorizeError(
      'QUERY',
      most === limits.topK
        ? `max top K is ${most}, but got ${topK}`
        : `with returnValues=true or returnMetadata=all, max top K is ${most}, but got ${topK}; for a top K up to ${limits.topK}, retry with returnValues=false and returnMetadata=indexed`,
      40025,
    );
  }
  return { topK, returnValues, returnMetadata };
}
