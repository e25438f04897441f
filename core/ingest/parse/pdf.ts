import { getDocumentProxy } from 'unpdf';
import type { Draft } from '../block.ts';
import { MAX_PDF_PAGES } from '../limits.ts';
import { refuse } from '../refusal.ts';
import { type Line, layOut } from './pdf-layout.ts';

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

/**
 * The text of a PDF in the order in which it was written into the file, which born-digital documents almost
 * always write in reading order (docs/decisions/031-pdf.md), grouped into blocks by size and spacing.
 */
export async function parsePdf(bytes: Uint8Array): Promise<readonly Draft[]> {
  const document = await open(bytes);
  try {
    if (document.numPages > MAX_PDF_PAGES) {
      throw refuse(
        'too_many_pages',
        `The PDF has ${document.numPages} pages; at most ${MAX_PDF_PAGES} are read. Split it.`,
      );
    }
    const lines: Line[] = [];
    for (let page = 1; page <= document.numPages; page += 1) lines.push(...(await linesOf(document, page)));
    if (!lines.some((line) => /[\p{L}\p{N}]/u.test(line.text))) {
      throw refuse(
        'needs_ocr',
        'The PDF holds pictures of text and no text. Run it through OCR (text recognition) and upload the result.',
      );
    }
    return layOut(lines);
  } finally {
    await document.loadingTask.destroy();
  }
}

async function open(bytes: Uint8Array): Promise<PdfDocument> {
  try {
    // pdf.js takes the buffer over, hence the copy: the caller's bytes stay its own.
    return await getDocumentProxy(bytes.slice(), { verbosity: 0 });
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : '';
    if (name === 'PasswordException') {
      throw refuse('encrypted', 'The PDF asks for a password. Upload a copy without one.', cause);
    }
    throw refuse('malformed', 'The file says that it is a PDF, and cannot be read as one.', cause);
  }
}

async function linesOf(document: PdfDocument, number: number): Promise<Line[]> {
  const page = await document.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  const lines: Line[] = [];
  let parts: Line[] = [];
  for (const item of items) {
    if (!('str' in item)) continue;
    const [a, b, , , x0, y0] = item.transform as [number, number, number, number, number, number];
    const size = Math.hypot(a, b);
    parts.push({ page: number, text: item.str, size, x0, y0, x1: x0 + item.width, y1: y0 + size });
    if (item.hasEOL) {
      lines.push(...joined(parts));
      parts = [];
    }
  }
  return [...lines, ...joined(parts)];
}

/** The parts of one line as one; white space has no box worth knowing. */
function joined(parts: readonly Line[]): readonly Line[] {
  const inked = parts.filter((part) => part.text.trim() !== '');
  const [first] = inked;
  if (first === undefined) return [];
  return [
    {
      page: first.page,
      text: parts.map((part) => part.text).join(''),
      size: Math.max(...inked.map((part) => part.size)),
      x0: Math.min(...inked.map((part) => part.x0)),
      y0: Math.min(...inked.map((part) => part.y0)),
      x1: Math.max(...inked.map((part) => part.x1)),
      y1: Math.max(...inked.map((part) => part.y1)),
    },
  ];
}
