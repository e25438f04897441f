import type { FileCitation } from '../../contract/response.ts';
import { serializeQuote } from '../../core/answer/citation.ts';
import type { Citation } from '../../core/answer/request.ts';

/** OpenAI's four fields and ours: the quote, and where it stands in the parsed text. */
export function serializeCitation(citation: Citation): FileCitation {
  const { page, page_end, ...quote } = serializeQuote(citation);
  return {
    type: 'file_citation',
    ...quote,
    ...(page === null ? {} : { page }),
    ...(page_end === null || page_end === page ? {} : { page_end }),
    index: citation.index,
  };
}
