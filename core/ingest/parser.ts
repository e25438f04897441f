import { errorMessage } from '../error-message.ts';
import { Failure } from '../failure.ts';
import type { Draft } from './block.ts';
import { MAX_BLOCKS } from './limits.ts';
import { refuse } from './refusal.ts';

/**
 * How a deployment reads a format of its own, or one of ours in its own way (`parsers` in app/selvedge.config.ts).
 *
 *  ING-20 A parser of the deployment goes before ours for its extensions and media types; what it throws, or answers that
 *     is no list of blocks, is a refusal of that document with the reason `parser_failed`, and harms no other document.
 */
export interface DocumentParser {
  /** Without the dot, in lower case. */
  readonly extensions: readonly string[];
  readonly mediaTypes: readonly string[];
  /** Raise it when the same bytes become other blocks: it is part of the pipeline's fingerprint. */
  readonly version?: number;
  /** Blocks in reading order; those without text are left out. */
  parse(bytes: Uint8Array<ArrayBuffer>, filename: string): Iterable<Draft> | Promise<Iterable<Draft>>;
}

export const extensionOf = (filename: string): string =>
  /\.([a-z0-9]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? '';

export const mediaTypeOf = (contentType: string): string =>
  contentType.split(';')[0]?.trim().toLowerCase() ?? '';

/** By extension first: names come from people, content types from browsers. */
export function parserFor(
  parsers: readonly DocumentParser[],
  file: { readonly filename: string; readonly contentType: string },
): DocumentParser | undefined {
  const [extension, type] = [extensionOf(file.filename), mediaTypeOf(file.contentType)];
  return (
    parsers.find(({ extensions }) => extensions.includes(extension)) ??
    parsers.find(({ mediaTypes }) => mediaTypes.includes(type))
  );
}

const kinds = ['heading', 'paragraph', 'list', 'table', 'code', 'figure'];

export async function parseWith(
  parser: DocumentParser,
  { filename, bytes }: { readonly filename: string; readonly bytes: Uint8Array<ArrayBuffer> },
): Promise<readonly Draft[]> {
  const drafts: Draft[] = [];
  try {
    for (const draft of await parser.parse(bytes, filename)) {
      if (typeof draft?.text !== 'string' || !kinds.includes(draft.block)) {
        throw new Error(`expected blocks { text, block: ${kinds.join(' | ')} }`);
      }
      drafts.push(draft);
      // One more than may be: the document is refused for that, and a parser without an end has one.
      if (drafts.length > MAX_BLOCKS) break;
    }
    return drafts;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw refuse('parser_failed', `'${filename}' could not be read: ${errorMessage(error)}`, error);
  }
}
