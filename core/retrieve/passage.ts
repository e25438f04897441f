import type { DocumentId, FileId, VectorStoreId } from '../identifier.ts';
import type { PageBreak } from '../ingest/block.ts';

/**
 * A passage as it is cut from a document, before it has an id and a place in an index. `start` and `end` are offsets
 * into the file's parsed text in UTF-16 code units, end exclusive, and `text` is exactly that slice.
 */
export interface NewPassage {
  /** The headings above the passage, outermost first, joined by " › "; empty where there are none. */
  readonly title: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** From 1; null for formats without pages. */
  readonly page: number | null;
  readonly pageEnd: number | null;
  /** Where another page begins inside `text`, ascending. Null in passages that were written before this was kept. */
  readonly pageBreaks: readonly PageBreak[] | null;
  /** What of `text` was read from pictures, ascending; absent where nothing was. */
  readonly recognized?: readonly RecognizedStretch[];
}

/** Offsets into a passage's text, end exclusive. */
export interface RecognizedStretch {
  readonly start: number;
  readonly end: number;
  /** In 0…1; null where the recognizer did not say. */
  readonly confidence: number | null;
}

/** In 0…1; null where the recognizer did not say. */
export type Recognition = { readonly confidence: number | null };

/** How a stretch of a passage was read from a picture, by its least sure part; null where it is the document's own text. */
export function recognitionOf(
  { recognized = [] }: Pick<Passage, 'recognized'>,
  { start, end }: { readonly start: number; readonly end: number },
): Recognition | null {
  const met = recognized.filter((one) => one.start < end && start < one.end);
  if (met.length === 0) return null;
  const told = met.flatMap(({ confidence }) => confidence ?? []);
  return { confidence: told.length === 0 ? null : Math.min(...told) };
}

export interface Pages {
  /** From 1; null for formats without pages. */
  readonly page: number | null;
  readonly pageEnd: number | null;
}

/**
 * The pages on which a stretch of a passage stands; `start` and `end` are offsets into its text.
 *
 *  ING-30 A citation names the page on which its quote stands, also where its passage began on an earlier one.
 */
export function pagesOf(
  { page, pageEnd, pageBreaks }: Pick<Passage, 'page' | 'pageEnd' | 'pageBreaks'>,
  { start, end }: { readonly start: number; readonly end: number },
): Pages {
  if (pageBreaks === null) return { page, pageEnd };
  const pageAt = (offset: number) => pageBreaks.findLast(({ at }) => at <= offset)?.page ?? page;
  return { page: pageAt(start), pageEnd: pageAt(Math.max(start, end - 1)) };
}

/** A passage: the unit that is indexed, found, reranked and quoted. */
export interface Passage extends NewPassage {
  /** ≤ 64 bytes (Vectorize's limit for ids); deterministic, so that a redelivered message writes the same rows. */
  readonly id: string;
  readonly vectorStoreId: VectorStoreId;
  readonly fileId: FileId;
  readonly filename: string;
  /** Position among the passages of its file, from 0. */
  readonly ordinal: number;
}

/** A passage's id from what it is cut from; `generation` changes whenever content or chunking do. */
export const passageId = (documentId: DocumentId, generation: string, ordinal: number): string =>
  `${documentId}:${generation.slice(0, 12)}:${ordinal.toString(36)}`;

/** A passage as models read it, to embed and to rerank: a paragraph alone often does not say what it is about. */
export const passageText = ({ title, text }: Pick<Passage, 'title' | 'text'>): string =>
  title === '' ? text : `${title}\n${text}`;
