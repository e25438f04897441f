import type { FileCitation } from '../../contract/response.ts';
import { normalised } from './wording.ts';

export interface Segments {
  readonly segments: number;
  readonly unsupported: readonly string[];
}

/**
 * What an answer shows, from marker to marker, held against the quotes that its markers name. This is a second method
 * beside the product's own check and shares no code with it: a segment is supported when it is the quote's own words;
 * otherwise every number of it must stand in the quote, and both or neither must deny. It knows nothing of meaning, so
 * what it lets pass in a written answer is not proved; what it names is worth reading.
 */
export function unsupportedSegments(
  text: string,
  citations: readonly Pick<FileCitation, 'index' | 'quote' | 'filename'>[],
): Segments {
  const places = [...new Set(citations.map(({ index }) => index))].toSorted((a, b) => a - b);
  let from = 0;
  const unsupported: string[] = [];
  for (const [order, place] of places.entries()) {
    const segment = text.slice(from, place).replace(/^\s*\[\d+\]/, '');
    const quotes = citations.filter(({ index }) => index === place || index === places[order + 1]);
    const named = citations.filter(({ index }) => index === place);
    if (!isSupported(segment, named.length === 0 ? quotes : named)) unsupported.push(segment.trim());
    from = place;
  }
  return { segments: places.length, unsupported };
}

function isSupported(segment: string, quotes: readonly Pick<FileCitation, 'quote' | 'filename'>[]): boolean {
  const quoted = /[“„«]([\s\S]+)[”“»]\s*$/.exec(segment.trim())?.[1];
  const evidence = normalised(quotes.map(({ quote }) => quote).join('\n'));
  const claim = normalised(quoted ?? segment);
  if (evidence.includes(claim)) return true;
  if (quoted !== undefined) return false;
  const known = `${evidence}${normalised(quotes.map(({ filename }) => filename).join(' '))}`;
  const numbers = claim.match(/ \d\S*(?= )/g) ?? [];
  return numbers.every((number) => known.includes(`${number} `)) && denies(claim) === denies(evidence);
}

const denial =
  / (?:no|not|never|none|nobody|nothing|neither|nor|without|cannot|cant|wont|dont|doesnt|isnt|arent|wasnt|werent|didnt|unable) /;
const denies = (text: string): boolean => denial.test(text);
