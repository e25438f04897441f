import { pagesOf } from '../retrieve/passage.ts';
import type { Quote } from './choose-quotes.ts';
import { Citations } from './citation.ts';
import { inQuotes, introduceQuote, type Phrases } from './phrases.ts';
import type { AnswerEvent } from './request.ts';

/** Characters of a delta: a quoted answer streams like a written one. */
const DELTA = 40;

/** The answer that quotes: each page of a file named once, its sentences verbatim but for wrapped lines. */
export function* writeQuotes(quotes: readonly Quote[], phrases: Phrases): Generator<AnswerEvent> {
  const citations = new Citations();
  let length = 0;
  let source: string | null = null;
  for (const { hit, sentence } of quotes) {
    const { passage } = hit;
    const { page } = pagesOf(passage, sentence);
    const next = `${passage.fileId} ${page}`;
    const head =
      source === next
        ? ' '
        : `${source === null ? '' : '\n\n'}${introduceQuote(phrases, passage.filename, page)}`;
    source = next;
    const text = `${head}${inQuotes(phrases, sentence.text)} `;
    const { marker, citation } = citations.cite(hit, sentence, length + text.length);
    for (const delta of deltas(text + marker)) yield { type: 'text', delta };
    length += text.length + marker.length;
    if (citation !== null) yield { type: 'citation', citation };
  }
}

function* deltas(text: string): Generator<string> {
  let from = 0;
  while (text.length - from > DELTA) {
    const space = text.indexOf(' ', from + DELTA / 2);
    const to = space === -1 ? text.length : space + 1;
    yield text.slice(from, to);
    from = to;
  }
  if (from < text.length) yield text.slice(from);
}
