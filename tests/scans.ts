import type { PagePictures } from '../core/ingest/ocr/page-pictures.ts';
import { encodePng } from '../core/ingest/ocr/png.ts';
import type { PdfLine } from './documents.ts';
import { pdf } from './documents.ts';

/** What a scanner makes of pages: a PDF in which each is one grey picture, or, where the lines say so, stays text. */
export async function scanned(
  pictures: PagePictures,
  pages: readonly { readonly lines: readonly PdfLine[]; readonly isText?: boolean }[],
): Promise<Uint8Array<ArrayBuffer>> {
  const objects: string[] = ['', ''];
  const add = (body: string): number => objects.push(body);
  const font = add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  const kids: number[] = [];
  for (const { lines, isText = false } of pages) {
    const drawn = isText ? textOf(lines) : 'q 595 0 0 842 0 0 cm /Picture Do Q';
    const resources = isText
      ? `/Font << /F1 ${font} 0 R >>`
      : `/XObject << /Picture ${add(await pictureOf(pictures, lines))} 0 R >>`;
    const content = add(`<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`);
    kids.push(
      add(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << ${resources} >> /Contents ${content} 0 R >>`,
      ),
    );
  }
  objects[0] = '<< /Type /Catalog /Pages 2 0 R >>';
  objects[1] = `<< /Type /Pages /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] /Count ${kids.length} >>`;
  const body = objects.map((object, at) => `${at + 1} 0 obj\n${object}\nendobj\n`).join('');
  return Uint8Array.from(Buffer.from(`%PDF-1.4\n${body}trailer\n<< /Root 1 0 R >>\n`, 'latin1'));
}

const textOf = (lines: readonly PdfLine[]): string =>
  lines.map(({ text, size = 11, x = 72, y }) => `BT /F1 ${size} Tf ${x} ${y} Td (${text}) Tj ET`).join('\n');

async function pictureOf(pictures: PagePictures, lines: readonly PdfLine[]): Promise<string> {
  const picture = await pictures.open(pdf([lines]), async (pages) => pages.draw(1));
  if (picture === null) throw new Error('The page cannot be drawn.');
  const png = Buffer.from(await encodePng(picture));
  // A PNG's data is what PDF calls Flate with PNG predictors; ours has one chunk of it, after 41 bytes.
  const data = png.subarray(41, 41 + png.readUInt32BE(33)).toString('latin1');
  return `<< /Type /XObject /Subtype /Image /Width ${picture.width} /Height ${picture.height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors 1 /Columns ${picture.width} >> /Length ${data.length} >>\nstream\n${data}\nendstream`;
}
