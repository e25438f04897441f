import { type Annotation, type Comment, commentsOf, withFields } from './pdf-annotation.ts';
import type { MissingMaps, PdfDocument, PdfPage } from './pdf-document.ts';
import { PageFrame } from './pdf-frame.ts';
import { isLegible } from './pdf-legibility.ts';
import { hasRightToLeft, withLigatures } from './pdf-ligatures.ts';
import type { Line, Rules } from './pdf-line.ts';
import { type Drawing, type OperatorNumbers, rulesOf } from './pdf-rules.ts';
import { type Font, linesOfPage, type TextItem } from './pdf-text.ts';

export interface ReadPage {
  readonly number: number;
  readonly frame: PageFrame;
  readonly lines: readonly Line[];
  readonly rules: Rules;
  readonly comments: readonly Comment[];
  /** Why nothing of it can be used. */
  readonly unread: Unread | null;
}

export type Unread = 'damaged' | 'garbled' | 'unmapped';

const none: Rules = { lying: [], standing: [] };
const noFrame = PageFrame.of([0, 0, 0, 0], 0);
const unreadPage = (number: number, unread: Unread): ReadPage => ({
  number,
  frame: noFrame,
  lines: [],
  rules: none,
  comments: [],
  unread,
});

/**
 * Reads the pages of one document, one after the other. The drawing of a page costs half as much again as its text, so it
 * is asked for only where it can say something: about a font that is met for the first time, or lines cut by gaps.
 */
export class PageReader {
  readonly #document: PdfDocument;
  readonly #missing: MissingMaps;
  readonly #operators: OperatorNumbers;
  readonly #fonts = new Map<string, Font>();

  constructor(document: PdfDocument, missing: MissingMaps, operators: OperatorNumbers) {
    this.#document = document;
    this.#missing = missing;
    this.#operators = operators;
  }

  /** A page that cannot be read says so: it is not to take the others with it. */
  async read(number: number): Promise<ReadPage> {
    try {
      const page = await this.#document.getPage(number);
      try {
        return await this.#content(page, number);
      } finally {
        page.cleanup();
      }
    } catch {
      return unreadPage(number, 'damaged');
    }
  }

  async #content(page: PdfPage, number: number): Promise<ReadPage> {
    const upright = PageFrame.of(page.view, page.rotate);
    const { items, styles } = await page.getTextContent({ disableNormalization: true });
    const found = items.filter((item) => 'str' in item);
    const annotations: readonly Annotation[] = await page.getAnnotations();
    const strange = found.some(({ fontName }) => !this.#fonts.has(fontName));
    const turnsBack = hasRightToLeft(found);
    let drawing = strange || turnsBack ? await this.#drawing(page) : null;
    if (strange) this.#learnFonts(page, found, styles);
    const text = turnsBack && drawing !== null ? withLigatures(found, drawing, this.#operators) : found;
    if (this.#missing.take().length > 0) return unreadPage(number, 'unmapped');
    const { frame, lines } = linesOfPage(
      number,
      withFields(text, annotations, upright),
      upright,
      this.#fonts,
    );
    if (!isLegible(lines.map((line) => line.text).join('\n'))) return unreadPage(number, 'garbled');
    if (lines.filter(({ cells }) => cells.length > 1).length > 1) drawing ??= await this.#drawing(page);
    return {
      number,
      frame,
      lines,
      rules: drawing === null ? none : rulesOf(drawing, this.#operators, frame.matrix),
      comments: commentsOf(annotations),
      unread: null,
    };
  }

  /** Without what annotations draw. Of a page whose drawing is damaged, the text stays. */
  async #drawing(page: PdfPage): Promise<Drawing | null> {
    try {
      return await page.getOperatorList({ annotationMode: 0 });
    } catch {
      return null;
    }
  }

  #learnFonts(
    page: PdfPage,
    items: readonly TextItem[],
    styles: Readonly<Record<string, { readonly vertical?: boolean }>>,
  ): void {
    for (const { fontName } of items) {
      if (this.#fonts.has(fontName)) continue;
      const known: { readonly name?: string; readonly bold?: boolean; readonly black?: boolean } | null =
        page.commonObjs.has(fontName) ? page.commonObjs.get(fontName) : null;
      const bold =
        known?.bold === true ||
        known?.black === true ||
        /bold|black|heavy|semibd|demi/i.test(known?.name ?? '');
      const name = known?.name ?? fontName;
      const wingdings = /wingdings|webdings|zapfdingbats/i.test(name);
      this.#fonts.set(fontName, { name, bold, wingdings, vertical: styles[fontName]?.vertical === true });
    }
  }
}
