/**
 * Ids are a prefix that names the noun and 96 random bits in hex: `file_5f0c…`. They sort by nothing and
 * promise nothing; lists are ordered by `created_at` and id.
 *
 * Each noun's id is a type of its own, so that two ids cannot change places and a query cannot forget its tenant.
 * An id is made by `newId`, read from a column that has its type, or named once at an edge (`asId`); from there on
 * the types are trusted. Naming checks nothing: what no row has is not found, whatever it looks like.
 */
declare const noun: unique symbol;
export type Id<Prefix extends string> = string & { readonly [noun]: Prefix };

export type TenantId = Id<'tenant'>;
export type KeyId = Id<'key'>;
export type FileId = Id<'file'>;
export type VectorStoreId = Id<'vs'>;
export type BatchId = Id<'vsfb'>;
/** Of one attachment of a file to a store. */
export type DocumentId = Id<'doc'>;
export type ResponseId = Id<'resp'>;
export type DatasetId = Id<'ds'>;
/** The caller's own, unique within its dataset. */
export type CaseId = Id<'case'>;
/** Of a run of an evaluation. */
export type EvaluationId = Id<'eval'>;
export type FeedbackId = Id<'fb'>;
/** The caller's own: `support`. */
export type PromptId = Id<'prompt'>;
/** Of a run of an agent. */
export type RunId = Id<'run'>;
export type InterruptId = Id<'int'>;
/** W3C trace context's: 32 hex digits. */
export type TraceId = Id<'trace'>;

/** Names a text from outside: `asId<FileId>(context.req.param('id'))`. */
export const asId = <Named extends Id<string>>(text: string): Named => text as Named;

export type Random = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

export const systemRandom: Random = (bytes) => crypto.getRandomValues(bytes);

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const newId = <Prefix extends string>(prefix: Prefix, random: Random = systemRandom): Id<Prefix> =>
  asId(`${prefix}_${hex(random(new Uint8Array(12)))}`);

/** SHA-256 of text (as UTF-8) or bytes, in lower-case hex. */
export async function sha256(data: string | Uint8Array<ArrayBuffer> | ArrayBuffer): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
