import type { Draft, RecognizedText } from '../block.ts';
import { parseMarkdown } from '../parse/markdown.ts';
import { layOutPage } from '../parse/pdf-layout.ts';
import type { Line } from '../parse/pdf-line.ts';
import { isRightToLeft } from '../parse/pdf-writing.ts';
import { type Box, parseHocr, type RecognizedLine, type RecognizedPage } from './hocr.ts';
import type { PagePicture } from './page-pictures.ts';
import { inReadingOrder, median } from './reading-order.ts';

/**
 * What a recognizer says of a page, as blocks that say that they were recognized.
 *
 *  ING-41 Every block that comes from a picture says so, with how sure the recognizer was and where each word stands,
 *     as far as it told.
 */
export function recognizedBlocks(text: string, page: number, picture: PagePicture): readonly Draft[] {
  const hocr = parseHocr(text);
  if (hocr === null) {
    return [...parseMarkdown(text)].map((draft) => ({
      ...draft,
      page,
      ocr: { confidence: null, words: [] },
    }));
  }
  return blocksOf(hocr, page, picture);
}

/** Letters that are this much higher than usual are a heading's; a line's box also grows with what is in it. */
const LARGE = 1.45;
/** The height of a detected line, and how far it reaches below its baseline, in sizes of its font. */
const BOX_HEIGHT = 1.1;
const DESCENT = 0.22;

function blocksOf(recognized: RecognizedPage, page: number, picture: PagePicture): readonly Draft[] {
  const upright = uprightFrame(recognized.quarters, picture);
  const placed = recognized.lines.map((line) => ({ line, ...upright.place(line.box), text: textOf(line) }));
  const usual = median(placed.map(({ y0, y1 }) => y1 - y0));
  const rows = inReadingOrder(placed).map((row): { line: Line; parts: readonly RecognizedLine[] } => {
    const height = Math.max(...row.map(({ y0, y1 }) => y1 - y0));
    const size = points(height > usual * LARGE ? height : usual, picture) / BOX_HEIGHT;
    const foot = points(upright.height - Math.max(...row.map(({ y1 }) => y1)), picture);
    const baseline = foot + size * DESCENT;
    return {
      parts: row.map(({ line }) => line),
      line: {
        page,
        text: row.map(({ text }) => text).join(' '),
        size,
        font: '',
        uniform: true,
        bold: false,
        rtl: isRightToLeft(row.map(({ text }) => text).join(' ')),
        spaced: false,
        turned: false,
        cells: row.map(({ text, x0, x1 }) => ({
          text,
          x0: points(x0, picture),
          x1: points(x1, picture),
          bold: false,
        })),
        x0: points(Math.min(...row.map(({ x0 }) => x0)), picture),
        x1: points(Math.max(...row.map(({ x1 }) => x1)), picture),
        y0: baseline,
        y1: baseline + size,
      },
    };
  });
  return layOutPage(
    page,
    rows.map(({ line }) => line),
  ).map((draft) => {
    const parts = rows.filter(({ line }) => isIn(line, draft.bbox)).flatMap((row) => row.parts);
    const { bbox, ...rest } = draft;
    return {
      ...rest,
      ...(bbox === undefined ? {} : { bbox: pageBox(boxAround(parts, recognized), picture) }),
      ocr: textRecognized(parts, picture),
    };
  });
}

const textOf = ({ words }: RecognizedLine): string => words.map(({ text }) => text).join(' ');

const points = (pixels: number, { scale }: PagePicture): number => pixels / scale;

/** The picture turned so that its text stands upright, in pixels, origin top left. */
function uprightFrame(quarters: number, { width, height }: PagePicture) {
  const turnsOver = quarters % 2 === 1;
  const point = (x: number, y: number): readonly [number, number] =>
    quarters === 1
      ? [height - y, x]
      : quarters === 2
        ? [width - x, height - y]
        : quarters === 3
          ? [y, width - x]
          : [x, y];
  return {
    height: turnsOver ? width : height,
    place([x0, y0, x1, y1]: Box) {
      const [a, b] = [point(x0, y0), point(x1, y1)];
      return {
        x0: Math.min(a[0], b[0]),
        y0: Math.min(a[1], b[1]),
        x1: Math.max(a[0], b[0]),
        y1: Math.max(a[1], b[1]),
      };
    },
  };
}

/** Whether the middle of a line's letters lies in a block's box. */
const isIn = (line: Line, box: Draft['bbox']): boolean => {
  if (box === undefined) return false;
  const [x, y] = [(line.x0 + line.x1) / 2, line.y0 + line.size / 4];
  return x >= box[0] && y >= box[1] && x <= box[2] && y <= box[3];
};

function boxAround(lines: readonly RecognizedLine[], { lines: all }: RecognizedPage): Box {
  const boxes = (lines.length === 0 ? all : lines).map(({ box }) => box);
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}

/** From pixels, origin top left, to PDF points of the page as it is shown, origin bottom left. */
function pageBox([x0, y0, x1, y1]: Box, { height, scale }: PagePicture): Box {
  const rounded = (value: number) => Math.round((value / scale) * 100) / 100;
  return [rounded(x0), rounded(height - y1), rounded(x1), rounded(height - y0)];
}

function textRecognized(lines: readonly RecognizedLine[], picture: PagePicture): RecognizedText {
  const words = lines.flatMap((line) => line.words);
  const told = words.filter(({ confidence }) => confidence !== null);
  const letters = told.reduce((sum, { text }) => sum + text.length, 0);
  const sure = told.reduce((sum, { text, confidence }) => sum + text.length * (confidence ?? 0), 0);
  return {
    confidence: letters === 0 ? null : Math.round((sure / letters) * 1000) / 1000,
    words: words.map(({ text, confidence, box }) => ({ text, confidence, bbox: pageBox(box, picture) })),
  };
}
