import type { Draft } from './block.ts';

/** A document as it was uploaded, or as it stands in another one. */
export interface Source {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Blocks in reading order, as a parser comes to them. */
export type Drafts = Iterable<Draft> | AsyncIterable<Draft>;

/**
 * Reads a document that stands in another one (an attachment, a chunk of HTML in a Word file) by its own format. Throws
 * the refusal where it cannot be read.
 */
export type ReadInner = (source: Source) => Promise<readonly Draft[]>;
