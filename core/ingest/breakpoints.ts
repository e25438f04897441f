import type { Block } from './block.ts';
import { parsedText } from './block.ts';
import { type Chunking, type Piece, piecesOf } from './chunk.ts';

/**
 * Where the meaning of a text turns: between neighbours whose embeddings are further apart than most (Kamradt's semantic
 * chunking, as LangChain and LlamaIndex have it). The embeddings are paid for by whoever added the document.
 */
export const DEFAULT_PERCENTILE = 95;

/** Sentences are put together up to this before they are compared: a short one says too little by itself. */
const UNIT_TOKENS = 40;
/** Units a document: beyond, they are longer, so that a book costs no more calls than it has passages. */
const MAX_UNITS = 2_000;

export async function findBreakpoints(
  blocks: readonly Block[],
  chunking: Chunking,
  embed: (texts: readonly string[]) => Promise<readonly (readonly number[])[]>,
): Promise<readonly number[]> {
  const text = parsedText(blocks);
  const units = unitsOf(piecesOf(blocks, chunking));
  if (units.length < 3) return [];
  const vectors = await embed(units.map(({ start, end }) => text.slice(start, end)));
  const distances = units.slice(1).map((_, at) => distance(vectors[at] ?? [], vectors[at + 1] ?? []));
  const threshold = percentileOf(distances, chunking.percentile ?? DEFAULT_PERCENTILE);
  return units.slice(1).flatMap(({ start }, at) => ((distances[at] ?? 0) >= threshold ? [start] : []));
}

interface Unit {
  readonly start: number;
  end: number;
}

function unitsOf(pieces: readonly Piece[]): readonly Unit[] {
  const total = pieces.reduce((sum, { tokens }) => sum + tokens, 0);
  const least = Math.max(UNIT_TOKENS, total / MAX_UNITS);
  const units: (Unit & { tokens: number; part: number })[] = [];
  for (const { start, end, tokens, part } of pieces) {
    const open = units.at(-1);
    if (open === undefined || open.part !== part || open.tokens >= least) {
      units.push({ start, end, tokens, part });
    } else {
      open.end = end;
      open.tokens += tokens;
    }
  }
  return units;
}

/** One less the cosine of the angle between them. */
function distance(a: readonly number[], b: readonly number[]): number {
  let product = 0;
  let [lengthA, lengthB] = [0, 0];
  for (const [at, value] of a.entries()) {
    const other = b[at] ?? 0;
    product += value * other;
    lengthA += value * value;
    lengthB += other * other;
  }
  return lengthA === 0 || lengthB === 0 ? 0 : 1 - product / Math.sqrt(lengthA * lengthB);
}

function percentileOf(values: readonly number[], percentile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.ceil((percentile / 100) * sorted.length));
  return sorted[at] ?? Number.POSITIVE_INFINITY;
}
