import type { FileId, TenantId } from '../../identifier.ts';
import type { PageRecognizer } from '../../models/page-recognizer.ts';
import { type Block, type Draft, placeBlocks } from '../block.ts';
import { refuse } from '../refusal.ts';
import type { Turn } from '../turn.ts';
import type { OpenPages, PagePictures } from './page-pictures.ts';
import { encodePng } from './png.ts';
import { recognizedBlocks } from './recognized-blocks.ts';

/**
 * The pages of a PDF that have no usable text are drawn and read.
 *
 *  ING-42 Each page's best source: its own text where it has a usable one, OCR only where it has not.
 *  ING-43 No page is paid for twice: its reading is kept as it comes, and a turn that ends, a worker that dies or a model
 *     that fails goes on after the last one.
 *  ING-44 What was not read stays named: pages that cannot be drawn, and those beyond the limit.
 */
export interface PageReadings {
  /** What the recognizer said of each page, by page. */
  readReadings(tenantId: TenantId, fileId: FileId): Promise<ReadonlyMap<number, string>>;
  writeReading(tenantId: TenantId, fileId: FileId, page: number, reading: string): Promise<void>;
}

export interface RecognitionDependencies {
  readonly recognizer: PageRecognizer;
  readonly pictures: PagePictures;
  readonly contents: PageReadings;
}

/** A turn that may end between two pages. */
export interface RecognitionTurn extends Turn {
  /** After each page; true where the turn is over. */
  readonly step: () => Promise<boolean>;
}

/** Pages of one document that are read from pictures: a Worker may ask R2 for so many readings in one turn. */
export const MAX_RECOGNIZED_PAGES = 500;

/** The pages that a reader has left unread and that nobody has tried to recognize. */
export const pagesToRecognize = (blocks: readonly Block[]): readonly number[] =>
  blocks.flatMap((block) => unreadPageOf(block) ?? []);

/**
 * The blocks with their unread pages recognized.
 * @param blocks What was read of the document; null where none of its pages has text. Blocks that are `kept` already stay
 * where they are, because citations hold their offsets: what is new then stands behind them.
 * @returns null where the turn was over before all pages were read: what was read so far is kept.
 * @throws Failure `needs_ocr` where no page holds any text, and what `afford` and the recognizer throw.
 */
export async function recognizePages(
  deps: RecognitionDependencies,
  document: { readonly tenantId: TenantId; readonly fileId: FileId; readonly bytes: Uint8Array<ArrayBuffer> },
  { blocks, kept: isKept }: { readonly blocks: readonly Block[] | null; readonly kept: boolean },
  turn: RecognitionTurn,
): Promise<readonly Block[] | null> {
  const { tenantId, fileId, bytes } = document;
  const readings = new Map(await deps.contents.readReadings(tenantId, fileId));
  return deps.pictures.open(bytes, async (pages) => {
    const wanted = blocks === null ? allPages(pages.count) : pagesToRecognize(blocks);
    const drafts = new Map<number, readonly Draft[]>();
    for (const page of wanted.slice(0, MAX_RECOGNIZED_PAGES)) {
      const kept = readings.get(page);
      const read = await draftsOf(deps, pages, page, kept ?? null, turn);
      if (read === null) continue;
      drafts.set(page, read.drafts);
      if (kept !== undefined) continue;
      await deps.contents.writeReading(tenantId, fileId, page, read.reading);
      if (await turn.step()) return null;
    }
    const before = blocks ?? wanted.map(unreadPage);
    const joined = [...placeBlocks(isKept ? appended(before, drafts) : merged(before, drafts))];
    if (joined.every(({ unread, furniture }) => unread || furniture)) {
      throw refuse('needs_ocr', 'It has no text, and OCR (text recognition) found none in its pages.');
    }
    return joined;
  });
}

const allPages = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Null where the page cannot be drawn. */
async function draftsOf(
  deps: RecognitionDependencies,
  pages: OpenPages,
  page: number,
  kept: string | null,
  { span, afford }: RecognitionTurn,
): Promise<{ readonly reading: string; readonly drafts: readonly Draft[] } | null> {
  const picture = await pages.draw(page);
  if (picture === null) return null;
  if (kept === null) await afford(deps.recognizer.worstCase());
  const reading = kept ?? (await deps.recognizer.recognize(await encodePng(picture), span));
  return { reading, drafts: recognizedBlocks(reading, page, picture) };
}

const unreadPage = (page: number): Draft => ({
  text: `[Page ${page} is a picture that could not be read.]`,
  block: 'figure',
  page,
  unread: true,
});

const tried = { confidence: null, words: [] } as const;

/** The page of a remark that nothing was read there, and that nobody has tried to recognize. */
const unreadPageOf = ({ unread, ocr, page }: Draft): number | undefined =>
  unread === true && ocr === undefined ? page : undefined;

/** In the place of the remark that a page was not read stands what was recognized of it. */
function* merged(
  blocks: readonly Draft[],
  recognized: ReadonlyMap<number, readonly Draft[]>,
): Iterable<Draft> {
  for (const block of blocks) {
    const page = unreadPageOf(block);
    const drafts = page === undefined ? undefined : recognized.get(page);
    if (page === undefined) yield block;
    else if (drafts === undefined) yield { ...block, ocr: tried };
    else if (drafts.length > 0) yield* drafts;
    else yield { text: `[Page ${page} is blank.]`, block: 'figure', page, furniture: true, ocr: tried };
  }
}

/** Remarks stay, as furniture, and what was recognized stands behind all that was there. */
function* appended(
  blocks: readonly Draft[],
  recognized: ReadonlyMap<number, readonly Draft[]>,
): Iterable<Draft> {
  for (const block of blocks) {
    const page = unreadPageOf(block);
    if (page === undefined || !recognized.has(page))
      yield page === undefined ? block : { ...block, ocr: tried };
    else {
      const { text, block: kind } = block;
      yield { text, block: kind, page, furniture: true, ocr: tried };
    }
  }
  for (const drafts of recognized.values()) yield* drafts;
}
