import { getDocumentProxy } from 'unpdf';
import type { Draft } from '../block.ts';
import { MAX_PDF_PAGES } from '../limits.ts';
import { refuse } from '../refusal.ts';
import { layOut } from './pdf-layout.ts';
import type { Box, Cell, Line } from './pdf-line.ts';
import { refuseBombs } from './pdf-streams.ts';

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

/**
 * The text of a PDF in the order in which it was written into the file, which born-digital documents almost
 * always write in reading order (docs/decisions/031-pdf.md), grouped into blocks by size and spacing.
 */
export async function parsePdf(bytes: Uint8Array<ArrayBuffer>): Promise<readonly Draft[]> {
  await refuseBombs(bytes);
  const document = await open(bytes);
  try {
    if (document.numPages > MAX_PDF_PAGES) {
      throw refuse(
        'too_many_pages',
        `The PDF has ${document.numPages} pages; at most ${MAX_PDF_PAGES} are read. Split it.`,
      );
    }
    const lines: Line[] = [];
    const unread: Draft[] = [];
    for (let page = 1; page <= document.numPages; page += 1) {
      const found = await linesOf(document, page);
      lines.push(...found);
      if (!found.some(hasWords)) unread.push(remark(page));
    }
    if (!lines.some(hasWords)) {
      throw refuse(
        'needs_ocr',
        'The PDF has no text: its pages are pictures, or blank. Run it through OCR (text recognition) and upload the result.',
      );
    }
    return inOrder(layOut(lines), unread);
  } finally {
    await document.loadingTask.destroy();
  }
}

const hasWords = (line: Line): boolean => /[\p{L}\p{N}]/u.test(line.text);

/**
 * A page without text among others that have some. Whether it is blank or scanned would be known only by decoding
 * its images, so the remark says both, rather than let anybody believe that the document was read whole.
 */
const remark = (page: number): Draft => ({
  text: `[Page ${page} has no text. It is blank or a picture; pictures are not read.]`,
  block: 'figure',
  page,
  unread: true,
});

/** Every block of a PDF is of one page, and pages follow each other. */
const inOrder = (read: readonly Draft[], unread: readonly Draft[]): readonly Draft[] =>
  unread.length === 0 ? read : [...read, ...unread].toSorted((a, b) => (a.page ?? 0) - (b.page ?? 0));

async function open(bytes: Uint8Array): Promise<PdfDocument> {
  try {
    // pdf.js takes the buffer over, hence the copy: the caller's bytes stay its own.
    return await getDocumentProxy(bytes.slice(), { verbosity: 0 });
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : '';
    if (name === 'PasswordException') {
      throw refuse('encrypted', 'The PDF asks for a password. Upload a copy without one.', cause);
    }
    throw refuse('malformed', 'The file is marked as a PDF but cannot be read as one.', cause);
  }
}

interface Part extends Box {
  readonly text: string;
  readonly size: number;
  readonly font: string;
}

async function linesOf(document: PdfDocument, number: number): Promise<Line[]> {
  const page = await document.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  const lines: Line[] = [];
  let parts: Part[] = [];
  for (const item of items) {
    if (!('str' in item)) continue;
    const [a, b, , , x0, y0] = item.transform as [number, number, number, number, number, number];
    const size = Math.hypot(a, b);
    parts.push({
      text: item.str,
      size,
      font: item.fontName,
      x0,
      y0,
      x1: x0 + item.width,
      y1: y0 + size,
    });
    if (item.hasEOL) {
      lines.push(...joined(number, parts));
      parts = [];
    }
  }
  return [...lines, ...joined(number, parts)];
}

/** The parts of one line as one; white space has no box worth knowing. */
function joined(page: number, parts: readonly Part[]): readonly Line[] {
  const inked = parts.filter((part) => part.text.trim() !== '');
  if (inked.length === 0) return [];
  const cells = cellsOf(parts);
  return [
    {
      page,
      text: cells.map((cell) => cell.text).join(' '),
      size: Math.max(...inked.map((part) => part.size)),
      font: mostUsedFont(inked),
      uniform: inked.every((part) => part.font === inked[0]?.font),
      cells,
      x0: Math.min(...inked.map((part) => part.x0)),
      y0: Math.min(...inked.map((part) => part.y0)),
      x1: Math.max(...inked.map((part) => part.x1)),
      y1: Math.max(...inked.map((part) => part.y1)),
    },
  ];
}

function mostUsedFont(parts: readonly Part[]): string {
  const lengths = new Map<string, number>();
  for (const { font, text } of parts) lengths.set(font, (lengths.get(font) ?? 0) + text.length);
  return [...lengths].reduce((best, next) => (next[1] > best[1] ? next : best), ['', 0])[0];
}

/** A gap wider than this many font sizes parts cells; a space between words has about a quarter. */
const CELL_GAP = 0.9;
const WORD_GAP = 0.2;

function cellsOf(parts: readonly Part[]): readonly Cell[] {
  const cells: Cell[] = [];
  let spaced = false;
  for (const part of parts) {
    const text = part.text.trim();
    if (text === '') {
      spaced ||= part.text !== '';
      continue;
    }
    const last = cells.at(-1);
    // Right-to-left text goes on at the left of what stands there.
    const gap = last === undefined ? 0 : Math.max(part.x0 - last.x1, last.x0 - part.x1);
    if (last === undefined || gap > part.size * CELL_GAP) cells.push({ text, x0: part.x0, x1: part.x1 });
    else {
      const space = spaced || /^\s/.test(part.text) || gap > part.size * WORD_GAP ? ' ' : '';
      cells[cells.length - 1] = {
        text: last.text + space + text,
        x0: Math.min(last.x0, part.x0),
        x1: Math.max(last.x1, part.x1),
      };
    }
    spaced = /\s$/.test(part.text);
  }
  return cells;
}
