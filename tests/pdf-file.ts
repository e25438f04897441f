/**
 * PDFs written by hand from ISO 32000-1, for tests of the parser: each page is its drawing, and every object that a page
 * needs beside it can be given. One byte a character; Helvetica is `/F1`, Helvetica-Bold `/F2`.
 */
export interface PdfPage {
  readonly content: string;
  readonly rotate?: number;
  /** More entries of the page's dictionary. */
  readonly entries?: string;
  /** More fonts of its resources: `/F3 << … >>`. */
  readonly fonts?: string;
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (one) => one.charCodeAt(0));

export function pdfFile(
  pages: readonly PdfPage[],
  options: { readonly kids?: (kids: readonly string[]) => readonly string[]; readonly catalog?: string } = {},
): Uint8Array<ArrayBuffer> {
  const own = pages.map((_, at) => `${5 + at * 2} 0 R`);
  const kids = options.kids?.(own) ?? own;
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${options.catalog ?? ''} >>`,
    `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${kids.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
  ];
  for (const [at, { content, rotate = 0, entries = '', fonts = '' }] of pages.entries()) {
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate ${rotate} /Contents ${6 + at * 2} 0 R ` +
        `/Resources << /Font << /F1 3 0 R /F2 4 0 R ${fonts} >> >> ${entries} >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    );
  }
  let body = '%PDF-1.7\n';
  const offsets = objects.map((object, at) => {
    const offset = body.length;
    body += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  return bytesOf(
    `${body}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
  );
}

export interface TextStyle {
  readonly font?: 'F1' | 'F2' | 'F3';
  readonly size?: number;
}

/** A text at a place of the page. */
export function at(x: number, y: number, text: string, { font = 'F1', size = 11 }: TextStyle = {}): string {
  const escaped = text.replace(/[\\()]/g, (mark) => `\\${mark}`);
  return `BT /${font} ${size} Tf 1 0 0 1 ${x} ${y} Tm (${escaped}) Tj ET\n`;
}

/** Lines under each other. */
export const lines = (
  x: number,
  y: number,
  texts: readonly string[],
  style: TextStyle = {},
  step = 14,
): string => texts.map((text, place) => at(x, y - place * step, text, style)).join('');

/** Rows of texts that begin at the places `xs`; an empty one is left out. */
export const rows = (
  xs: readonly number[],
  y: number,
  texts: readonly (readonly string[])[],
  style: TextStyle = {},
  step = 16,
): string =>
  texts
    .flatMap((row, place) =>
      row.map((text, column) => (text === '' ? '' : at(xs[column] ?? 0, y - place * step, text, style))),
    )
    .join('');

/** A stroke from one point to another. */
export const stroke = (x0: number, y0: number, x1: number, y1: number): string =>
  `${x0} ${y0} m ${x1} ${y1} l S\n`;

/** A page of lines in a font that names a predefined character map and has none itself (ISO 32000-1, 9.7.5.2). */
export function chinesePage(...texts: readonly string[]): PdfPage {
  const descriptor =
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 ' +
    '/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>';
  const descendant =
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 ' +
    `/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor ${descriptor} >>`;
  const hex = (text: string) =>
    [...text].map((one) => (one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')).join('');
  return {
    content: texts
      .map((text, line) => `BT /F3 12 Tf 1 0 0 1 72 ${700 - line * 18} Tm <${hex(text)}> Tj ET\n`)
      .join(''),
    fonts:
      '/F3 << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H ' +
      `/DescendantFonts [ ${descendant} ] >>`,
  };
}
