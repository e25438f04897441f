import { getResolvedPDFJS } from 'unpdf';
import { errorMessage } from '../../error-message.ts';
import { Failure } from '../../failure.ts';
import type { Draft } from '../block.ts';
import { type CharacterMaps, noCharacterMaps } from '../character-maps.ts';
import { MAX_PARSED_LENGTH, MAX_PDF_PAGES } from '../limits.ts';
import { refuse } from '../refusal.ts';
import { DAMAGED } from '../unread-pages.ts';
import { openPdf, type PdfDocument } from './pdf-document.ts';
import { furnitureOf } from './pdf-furniture.ts';
import { layOut } from './pdf-layout.ts';
import type { Line } from './pdf-line.ts';
import { PageReader, type ReadPage, type Unread } from './pdf-page.ts';
import { repairedPageTree } from './pdf-page-tree.ts';
import { refuseBombs } from './pdf-streams.ts';
import { outlineKey } from './pdf-style.ts';

/**
 * The text of a PDF in the order in which it was written into the file, which born-digital documents almost
 * always write in reading order (docs/decisions/031-pdf.md), grouped into blocks by size and spacing, and by what is drawn around it
 * (docs/decisions/037-pdf-drawing.md).
 *
 *  ING-31 A page that cannot be read, or whose letters mean nothing, is a page unread, named on the document; only a
 *     PDF of which no page can be read is refused, with the reason.
 *  ING-33 Every word of a page that is read is in a block.
 *  ING-32 What is repeated on the pages is furniture: behind the text, in no passage, and never within a paragraph.
 */
export async function parsePdf(
  bytes: Uint8Array<ArrayBuffer>,
  characterMaps: CharacterMaps = noCharacterMaps,
): Promise<readonly Draft[]> {
  await refuseBombs(bytes);
  const read = await readPdf(bytes, characterMaps);
  if (!read.pages.some(({ unread }) => unread === 'damaged')) return blocksOf(read);
  const repaired = repairedPageTree(bytes);
  if (repaired === null) return blocksOf(read);
  const { pages, outline } = await readPdf(repaired.bytes, characterMaps);
  const missing = (page: ReadPage): ReadPage =>
    repaired.missing.has(page.number) ? { ...page, unread: 'damaged' } : page;
  return blocksOf({ pages: pages.map(missing), outline });
}

interface ReadPdf {
  readonly pages: readonly ReadPage[];
  readonly outline: ReadonlyMap<string, number>;
}

/** pdf.js keeps some 70 KB of every page that it has read, whatever it is told; a document is opened anew after so many. */
const PAGES_AT_ONCE = 200;

async function readPdf(bytes: Uint8Array<ArrayBuffer>, characterMaps: CharacterMaps): Promise<ReadPdf> {
  const pages: ReadPage[] = [];
  let outline: ReadonlyMap<string, number> = new Map();
  let length = 0;
  let count = 1;
  while (pages.length < count) {
    const { document, missing } = await openPdf(bytes, characterMaps);
    try {
      count = document.numPages;
      if (count > MAX_PDF_PAGES) {
        throw refuse(
          'too_many_pages',
          `The PDF has ${count} pages; at most ${MAX_PDF_PAGES} are read. Split it.`,
        );
      }
      if (pages.length === 0) outline = await outlineOf(document);
      const { OPS } = await getResolvedPDFJS();
      const reader = new PageReader(document, missing, OPS);
      const end = Math.min(count, pages.length + PAGES_AT_ONCE);
      while (pages.length < end) {
        const page = await reader.read(pages.length + 1);
        length += page.lines.reduce((sum, { text }) => sum + text.length, 0);
        if (length > MAX_PARSED_LENGTH) {
          throw refuse('too_large', `The document has more than ${MAX_PARSED_LENGTH} characters of text.`);
        }
        pages.push(page);
      }
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw refuse('malformed', `The PDF is damaged and cannot be read: ${errorMessage(error)}`, error);
    } finally {
      await document.loadingTask.destroy();
    }
  }
  return { pages, outline };
}

function blocksOf({ pages, outline }: ReadPdf): readonly Draft[] {
  const furniture = furnitureOf(
    pages.map(({ number, frame, lines }) => ({ number, height: frame.height, lines })),
  );
  const unread = pages.flatMap((page) => {
    const why = whyUnread(page, furniture);
    return why === null ? [] : [{ number: page.number, why }];
  });
  if (unread.length === pages.length) throw nothingRead(pages, unread[0]?.why ?? 'blank');
  const skipped = new Set(unread.map(({ number }) => number));
  const used = pages.filter(({ number }) => !skipped.has(number));
  const read = withComments(layOut({ pages: used, furniture, outline }), used);
  return [
    ...inOrder(
      read,
      unread.map(({ number, why }) => remarkOn(number, why)),
    ),
    ...used.flatMap((page) => furnitureDrafts(page, furniture)),
  ];
}

/** What Acrobat writes into a dynamic XFA form for readers that cannot show it; the form itself is XML behind it. */
const PLACEHOLDER = /please\s+wait\W.{0,80}if\s+this\s+message\s+is\s+not\s+eventually\s+replaced/is;

function whyUnread({ unread, lines }: ReadPage, furniture: ReadonlySet<Line>): WhyUnread | null {
  if (unread !== null) return unread;
  const own = lines.filter((line) => !furniture.has(line));
  if (!own.some(hasWords)) return 'blank';
  return PLACEHOLDER.test(own.map(({ text }) => text).join(' ')) ? 'placeholder' : null;
}

const hasWords = (line: Line): boolean => /[\p{L}\p{N}]/u.test(line.text);

type WhyUnread = Unread | 'blank' | 'placeholder';

/** Said at the page's place, and on the document after "page(s)". */
const reasons: Readonly<Record<WhyUnread, { readonly said: string; readonly remark?: string }>> = {
  // Whether it is blank or scanned would be known only by decoding its images, so the remark says both.
  blank: { said: 'has no text. It is blank or a picture; pictures are not read.' },
  damaged: { said: 'is damaged and could not be read.', remark: DAMAGED },
  garbled: {
    said: 'was not read: its fonts do not say which letters they draw.',
    remark: 'whose fonts do not say which letters they draw',
  },
  unmapped: {
    said: 'was not read: it needs a character map that this service does not have.',
    remark: 'whose fonts need a character map that is not here',
  },
  placeholder: {
    said: 'was not read: it is a form that only Adobe Reader shows (dynamic XFA).',
    remark: 'of a form that only Adobe Reader shows',
  },
};

/** Said on the document, rather than let anybody believe that it was read whole. */
function remarkOn(page: number, why: WhyUnread): Draft {
  const { said, remark } = reasons[why];
  const draft: Draft = { text: `[Page ${page} ${said}]`, block: 'figure', page, unread: true };
  return remark === undefined ? draft : { ...draft, remark };
}

function nothingRead(pages: readonly ReadPage[], why: WhyUnread): Failure {
  switch (why) {
    case 'damaged':
      return refuse(
        'malformed',
        `None of the ${pages.length} page(s) of the PDF could be read: it is damaged.`,
      );
    case 'garbled':
    case 'unmapped':
      return refuse(
        'needs_ocr',
        'The text of the PDF cannot be used: its fonts do not say which letters they draw. Attach it with "ocr": true, or run it through OCR (text recognition) and upload the result.',
      );
    case 'placeholder':
      return refuse(
        'unsupported_format',
        'The PDF is a form that only Adobe Reader shows (dynamic XFA). Print it to a PDF there and upload that.',
      );
    case 'blank':
      return refuse(
        'needs_ocr',
        'The PDF has no text: its pages are pictures, or blank. Attach it with "ocr": true, or run it through OCR (text recognition) and upload the result.',
      );
  }
}

/** Blocks begin on pages that follow each other. */
const inOrder = (read: readonly Draft[], unread: readonly Draft[]): readonly Draft[] =>
  unread.length === 0 ? read : [...read, ...unread].toSorted((a, b) => (a.page ?? 0) - (b.page ?? 0));

const furnitureDrafts = (
  { lines, frame, number }: ReadPage,
  furniture: ReadonlySet<Line>,
): readonly Draft[] =>
  lines
    .filter((line) => furniture.has(line))
    .map((line) => ({
      text: line.text,
      block: 'paragraph',
      page: number,
      bbox: frame.inFile(line),
      furniture: true,
    }));

/** A comment follows the last block of its page that begins above it. */
function withComments(drafts: readonly Draft[], pages: readonly ReadPage[]): readonly Draft[] {
  const all = [...drafts];
  for (const { number, comments } of pages) {
    for (const { text, rect } of comments) {
      const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = rect;
      const before = all.findLastIndex(
        ({ page = 0, bbox }) => page < number || (page === number && bbox !== undefined && bbox[3] >= y0),
      );
      all.splice(before + 1, 0, { text, block: 'paragraph', page: number, bbox: [x0, y0, x1, y1] });
    }
  }
  return all;
}

/** A document's own table of contents knows its headings; titles that it has twice are no evidence of a level. */
async function outlineOf(document: PdfDocument): Promise<ReadonlyMap<string, number>> {
  const levels = new Map<string, number>();
  type Item = { readonly title: string; readonly items: readonly Item[] };
  const add = (items: readonly Item[], level: number) => {
    for (const { title, items: inner } of items) {
      const key = outlineKey(title);
      if (key.length > 2 && levels.size < 5_000) levels.set(key, Math.min(levels.get(key) ?? 6, level, 6));
      if (level < 6) add(inner, level + 1);
    }
  };
  try {
    add((await document.getOutline()) ?? [], 1);
  } catch {
    return levels;
  }
  return levels;
}
