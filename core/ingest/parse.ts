import { Failure } from '../failure.ts';
import { type Block, blockPlacer, type Draft } from './block.ts';
import { type CharacterMaps, noCharacterMaps } from './character-maps.ts';
import { formatOf } from './format.ts';
import { formatNamed } from './formats.ts';
import { MAX_BLOCKS, MAX_PARSED_LENGTH, MAX_SOURCE_BYTES } from './limits.ts';
import { refuseBeyond } from './limits-refusal.ts';
import { type DocumentParser, parserFor, parseWith } from './parser.ts';
import { refuse } from './refusal.ts';
import type { ReadInner, Source } from './source.ts';

/** How many documents may stand in one another: a mail in a mail in a mail. */
const MAX_INNER = 3;

/**
 * Reads any supported document into blocks; a `Failure` with a `RefusalReason` says why it cannot be.
 *
 *  ING-53 Whatever a parser throws at a document's bytes is a refusal of that document: a page or part that fails is never
 *     the failure of the service.
 */
export async function parseDocument(
  source: Source,
  parsers: readonly DocumentParser[] = [],
  characterMaps: CharacterMaps = noCharacterMaps,
): Promise<readonly Block[]> {
  refuseLargeSource(source.bytes.byteLength);
  const blocks = await boundedBlocks(draftsOf(source, { parsers, characterMaps }, 0));
  if (blocks.length === 0) throw refuse('empty', 'The document has no text.');
  return blocks;
}

/** Also asked before the bytes are fetched, so that they never are. */
export function refuseLargeSource(bytes: number): void {
  refuseBeyond(bytes, MAX_SOURCE_BYTES, 'documents');
}

async function boundedBlocks(drafts: AsyncIterable<Draft>): Promise<readonly Block[]> {
  const blocks: Block[] = [];
  const place = blockPlacer();
  let length = 0;
  for await (const draft of drafts) {
    const block = place(draft);
    if (block === null) continue;
    length += block.text.length;
    if (length > MAX_PARSED_LENGTH) {
      throw refuse('too_large', `The document has more than ${MAX_PARSED_LENGTH} characters of text.`);
    }
    blocks.push(block);
    if (blocks.length > MAX_BLOCKS) {
      throw refuse('too_large', `The document has more than ${MAX_BLOCKS} paragraphs, rows and headings.`);
    }
  }
  return blocks;
}

async function* draftsOf(
  source: Source,
  help: { readonly parsers: readonly DocumentParser[]; readonly characterMaps: CharacterMaps },
  depth: number,
): AsyncGenerator<Draft> {
  const own = parserFor(help.parsers, source);
  if (own !== undefined) {
    yield* await parseWith(own, source);
    return;
  }
  const format = formatNamed(await formatOf(source));
  const readInner: ReadInner = async (inner) => {
    if (depth >= MAX_INNER) throw refuse('too_deep', `Documents are read in one another ${MAX_INNER} deep.`);
    const found: Draft[] = [];
    let length = 0;
    for await (const draft of draftsOf(inner, help, depth + 1)) {
      found.push(draft);
      length += draft.text.length;
      if (length > MAX_PARSED_LENGTH || found.length > MAX_BLOCKS) {
        throw refuse('too_large', 'There is more text in it than is read of one document.');
      }
    }
    return found;
  };
  try {
    yield* await format.read(source, readInner, help.characterMaps);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const why = 'it is damaged, or written in a way that is not known here';
    throw refuse('malformed', `'${source.filename}' cannot be read as ${format.noun}: ${why}.`, cause);
  }
}
