import { Parser } from 'htmlparser2';

/** A page as an OCR engine has read it. Boxes are x0, y0, x1, y1 in the picture's pixels, origin top left. */
export interface RecognizedPage {
  readonly lines: readonly RecognizedLine[];
  /** Quarters by which the picture has to be turned clockwise for its text to stand upright. */
  readonly quarters: number;
}

export interface RecognizedLine {
  readonly words: readonly RecognizedWord[];
  readonly box: Box;
}

export interface RecognizedWord {
  readonly text: string;
  /** In 0…1; null where the engine does not say. */
  readonly confidence: number | null;
  readonly box: Box;
}

export type Box = readonly [number, number, number, number];

/** Lines that stand under these classes are read (hOCR 1.2, "Typesetting elements"). */
const lineClasses = new Set(['ocr_line', 'ocr_header', 'ocr_caption', 'ocr_textfloat', 'ocrx_line']);

/** An engine nests page, area, paragraph, line and word; the parser's time grows with the square of the depth. */
const MAX_DEPTH = 32;

class TooDeep extends Error {}

/**
 * Null where the text is no hOCR (https://kba.github.io/hocr-spec/1.2/), as that of a vision model. What is nested deeper
 * than any engine does is not read.
 */
export function parseHocr(text: string): RecognizedPage | null {
  if (!/class\s*=\s*["']ocr_page["']/.test(text)) return null;
  const reader = new HocrReader();
  const parser = new Parser(
    {
      onopentag: (_, attributes) => reader.open(attributes),
      onclosetag: () => reader.close(),
      ontext: (data) => reader.say(data),
    },
    { decodeEntities: true },
  );
  try {
    parser.end(text);
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
  }
  return reader.page;
}

class HocrReader {
  readonly #lines: RecognizedLine[] = [];
  /** Words by the quarters that their line is turned. */
  readonly #turns = new Map<number, number>();
  readonly #open: (() => void)[] = [];
  #words: RecognizedWord[] = [];
  #text = '';

  get page(): RecognizedPage {
    const [most] = [...this.#turns].toSorted((a, b) => b[1] - a[1]);
    return { lines: this.#lines, quarters: most?.[0] ?? 0 };
  }

  open(attributes: Readonly<Record<string, string>>): void {
    if (this.#open.length === MAX_DEPTH) throw new TooDeep();
    const name = attributes.class ?? '';
    const { box, confidence, quarters } = propertiesOf(attributes.title ?? '');
    if (lineClasses.has(name)) {
      this.#words = [];
      this.#open.push(() => this.#endLine(box, quarters));
    } else if (name === 'ocrx_word') {
      this.#text = '';
      this.#open.push(() => this.#endWord(box, confidence));
    } else this.#open.push(() => {});
  }

  close(): void {
    this.#open.pop()?.();
  }

  say(text: string): void {
    this.#text += text;
  }

  #endWord(box: Box | null, confidence: number | null): void {
    const text = this.#text.replace(/\s+/g, ' ').trim();
    if (box !== null && text !== '') this.#words.push({ text, confidence, box });
  }

  #endLine(box: Box | null, quarters: number): void {
    if (box === null || this.#words.length === 0) return;
    this.#lines.push({ words: this.#words, box });
    this.#turns.set(quarters, (this.#turns.get(quarters) ?? 0) + this.#words.length);
  }
}

/** `title="bbox 10 20 30 40; x_wconf 93; textangle 90"`. */
function propertiesOf(title: string) {
  const numbers = /\bbbox\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)/.exec(title)?.slice(1).map(Number);
  const [x0, y0, x1, y1] = numbers ?? [];
  const percent = Number(/\bx_wconf\s+([\d.]+)/.exec(title)?.[1] ?? Number.NaN);
  return {
    box:
      x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined
        ? null
        : ([x0, y0, x1, y1] as const),
    confidence: Number.isFinite(percent) ? Math.min(100, percent) / 100 : null,
    quarters: ((Math.round(Number(/\btextangle\s+(-?[\d.]+)/.exec(title)?.[1] ?? 0) / 90) % 4) + 4) % 4,
  };
}
