import { pagesOf, type Recognition, recognitionOf } from '../retrieve/passage.ts';
import type { Hit } from '../retrieve/query.ts';
import type { Citation } from './request.ts';
import type { Sentence } from './sentences.ts';

/**
 * The markers and citations of one answer, in the order of its text: the n-th citation is marked `[n]`, and
 * a sentence that is cited again keeps its number and is announced once.
 */
export class Citations {
  readonly #numbers = new Map<string, number>();

  /** @param index Offset in the answer's text at which the marker will stand. */
  cite(
    hit: Hit,
    sentence: Sentence,
    index: number,
  ): { readonly marker: string; readonly citation: Citation | null } {
    const { passage } = hit;
    const start = passage.start + sentence.start;
    const key = `${passage.fileId} ${start}`;
    const before = this.#numbers.get(key);
    if (before !== undefined) return { marker: `[${before}]`, citation: null };
    const ocr = recognitionOf(passage, sentence);
    const number = this.#numbers.size + 1;
    this.#numbers.set(key, number);
    return {
      marker: `[${number}]`,
      citation: {
        fileId: passage.fileId,
        filename: passage.filename,
        index,
        quote: sentence.text,
        ...pagesOf(passage, sentence),
        ...(ocr === null ? {} : { ocr }),
        start,
        end: passage.start + sentence.end,
      },
    };
  }

  get count(): number {
    return this.#numbers.size;
  }
}

/** A citation as callers read it: of an answer's annotation, of MCP's `ask`, and of the agents' tool. */
export type CitedQuote = {
  readonly file_id: string;
  readonly filename: string;
  readonly quote: string;
  /** Where it begins: from 1; null for formats without pages. */
  readonly page: number | null;
  /** Where it ends. */
  readonly page_end: number | null;
  /** The quote was read from a picture. */
  readonly ocr?: Recognition;
  /** Offsets in the document's parsed text. */
  readonly start: number;
  readonly end: number;
};

export const serializeQuote = ({
  fileId,
  pageEnd,
  filename,
  quote,
  page,
  ocr,
  start,
  end,
}: Citation): CitedQuote => ({
  file_id: fileId,
  filename,
  quote,
  page,
  page_end: pageEnd,
  ...(ocr === undefined ? {} : { ocr }),
  start,
  end,
});
