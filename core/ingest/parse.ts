import { type Block, type Draft, placeBlocks } from './block.ts';
import { formatOf } from './format.ts';
import { MAX_BLOCKS, MAX_MARKDOWN_BYTES, MAX_PARSED_LENGTH, MAX_SOURCE_BYTES } from './limits.ts';
import { parseCsv } from './parse/csv.ts';
import { parseDocx } from './parse/docx.ts';
import { parseHtml } from './parse/html.ts';
import { parseJson, parseJsonLines } from './parse/json.ts';
import { parseMarkdown } from './parse/markdown.ts';
import { parsePdf } from './parse/pdf.ts';
import { decodeText, parseText } from './parse/text.ts';
import { type DocumentParser, parserFor, parseWith } from './parser.ts';
import { refuse } from './refusal.ts';

export interface Source {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Reads any supported document into blocks; a `Failure` with a `RefusalReason` says why it cannot be. */
export async function parseDocument(
  source: Source,
  parsers: readonly DocumentParser[] = [],
): Promise<readonly Block[]> {
  refuseLargeSource(source.bytes.byteLength);
  const blocks: Block[] = [];
  let length = 0;
  for (const block of placeBlocks(await draftsOf(source, parsers))) {
    length += block.text.length;
    if (length > MAX_PARSED_LENGTH) {
      throw refuse('too_large', `The document has more than ${MAX_PARSED_LENGTH} characters of text.`);
    }
    blocks.push(block);
    if (blocks.length > MAX_BLOCKS) {
      throw refuse('too_large', `The document has more than ${MAX_BLOCKS} paragraphs, rows and headings.`);
    }
  }
  if (blocks.length === 0) throw refuse('empty', 'The document has no text.');
  return blocks;
}

/** Also asked before the bytes are fetched, so that they never are. */
export function refuseLargeSource(bytes: number): void {
  refuseBeyond(bytes, MAX_SOURCE_BYTES, 'documents');
}

function refuseBeyond(bytes: number, limit: number, what: string): void {
  if (bytes <= limit) return;
  const mebibytes = (count: number) => Math.ceil((count / 1024 / 1024) * 10) / 10;
  throw refuse(
    'too_large',
    `The file has ${mebibytes(bytes)} MiB; ${what} up to ${mebibytes(limit)} MiB are indexed. Split it.`,
  );
}

async function draftsOf(source: Source, parsers: readonly DocumentParser[]): Promise<Iterable<Draft>> {
  const { filename, contentType, bytes } = source;
  const own = parserFor(parsers, source);
  if (own !== undefined) return parseWith(own, source);
  const format = formatOf({ filename, contentType, head: bytes.subarray(0, 4096) });
  switch (format) {
    case 'pdf':
      return parsePdf(bytes);
    case 'docx':
      return parseDocx(bytes);
    case 'markdown':
      refuseBeyond(bytes.byteLength, MAX_MARKDOWN_BYTES, 'Markdown documents');
      return parseMarkdown(decodeText(bytes));
    case 'html':
      return parseHtml(decodeText(bytes));
    case 'csv':
      return parseCsv(decodeText(bytes));
    case 'json':
      return parseJson(decodeText(bytes));
    case 'jsonl':
      return parseJsonLines(decodeText(bytes));
    case 'text':
      return parseText(decodeText(bytes));
  }
}
