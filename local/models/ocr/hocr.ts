import type { RecognizedPage } from './page-reader.ts';

/**
 * A page in hOCR 1.2 (https://kba.github.io/hocr-spec/1.2/), the HTML in which OCR engines say where words stand: lines
 * and words with `bbox` in the picture's pixels, `x_wconf` in percent, and `textangle` where the text is turned against
 * the picture (degrees, counterclockwise).
 */
export function hocrOf(
  { lines, quarters }: RecognizedPage,
  size: { readonly width: number; readonly height: number },
): string {
  const turn = quarters === 0 ? '' : `; textangle ${quarters * 90}`;
  const read = lines.map(({ box, words }) => {
    const spans = words.map(
      (word) =>
        `<span class="ocrx_word" title="bbox ${word.box.map(Math.round).join(' ')}; x_wconf ${Math.round(word.confidence * 100)}">${escaped(word.text)}</span>`,
    );
    return `<span class="ocr_line" title="bbox ${box.map(Math.round).join(' ')}${turn}">${spans.join(' ')}</span>`;
  });
  return `<div class="ocr_page" title="bbox 0 0 ${size.width} ${size.height}">\n${read.join('\n')}\n</div>`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
