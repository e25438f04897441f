/** Shorter quotations are names and emphasis, not evidence. */
const MIN_WORDS = 3;

const marks = [
  /"([^"]+)"/g,
  /“([^”]+)”/g,
  /„([^“”]+)[“”]/g,
  /«([^»]+)»/g,
  /»([^«]+)«/g,
  // Single marks only where they cannot be apostrophes: outside of words.
  /(?<![\p{L}\p{N}])‘([^‘’]+(?:’(?=\p{L})[^‘’]*)*)’(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])'([^']+(?:'(?=\p{L})[^']*)*)'(?![\p{L}\p{N}])/gu,
];

const folded = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/** How many of the response's quotations of three words or more stand in a context, case and white space aside. */
export function quotedSpans(
  response: string,
  contexts: readonly string[],
): { readonly matched: number; readonly total: number } {
  const spans = new Set(
    marks
      .flatMap((mark) => [...response.matchAll(mark)].map((match) => folded(match[1] ?? '')))
      .filter((span) => span.split(' ').length >= MIN_WORDS),
  );
  const haystack = contexts.map(folded);
  const matched = [...spans].filter((span) => haystack.some((text) => text.includes(span))).length;
  return { matched, total: spans.size };
}
