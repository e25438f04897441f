import { zip } from './documents.ts';

/** Office files built by hand from ECMA-376, for tests: the parts that a test is about, and what holds them together. */
const types = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

const namespaces = Object.entries({
  w: 'http://schemas.openxmlformats.org/wordprocessingml/2006/main',
  r: types,
  m: 'http://schemas.openxmlformats.org/officeDocument/2006/math',
  a: 'http://schemas.openxmlformats.org/drawingml/2006/main',
  p: 'http://schemas.openxmlformats.org/presentationml/2006/main',
  c: 'http://schemas.openxmlformats.org/drawingml/2006/chart',
  dgm: 'http://schemas.openxmlformats.org/drawingml/2006/diagram',
  wp: 'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing',
  xdr: 'http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing',
  wps: 'http://schemas.microsoft.com/office/word/2010/wordprocessingShape',
  w14: 'http://schemas.microsoft.com/office/word/2010/wordml',
  a14: 'http://schemas.microsoft.com/office/drawing/2010/main',
  mc: 'http://schemas.openxmlformats.org/markup-compatibility/2006',
  v: 'urn:schemas-microsoft-com:vml',
  o: 'urn:schemas-microsoft-com:office:office',
})
  .map(([prefix, address]) => `xmlns:${prefix}="${address}"`)
  .join(' ');

export const xmlPart = (root: string, content: string, more = ''): string =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><${root} ${namespaces}${more}>${content}</${root}>`;

/** A way from one part to another: type, target, and id where the content names it. */
export interface Way {
  readonly type: string;
  readonly target: string;
  readonly id?: string;
  readonly isExternal?: true;
}

export const ways = (list: readonly Way[]): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list
    .map(({ type, target, id, isExternal }, at) => {
      const mode = isExternal === true ? ' TargetMode="External"' : '';
      return `<Relationship Id="${id ?? `way${at}`}" Type="${types}/${type}" Target="${target}"${mode}/>`;
    })
    .join('')}</Relationships>`;

const contentTypes = (part: string, type: string): string =>
  `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}.main+xml"/></Types>`;

export const officeFile = (
  main: string,
  type: string,
  parts: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>,
): Promise<Uint8Array<ArrayBuffer>> =>
  zip({
    '[Content_Types].xml': contentTypes(main, type),
    '_rels/.rels': ways([{ type: 'officeDocument', target: main }]),
    ...parts,
  });

/** Parts of a Word file by their names: 'styles', 'numbering', 'footnotes', 'comments', 'header1' … */
export function wordFile(
  body: string,
  parts: Readonly<Record<string, string>> = {},
  more: { readonly ways?: readonly Way[]; readonly files?: Readonly<Record<string, string>> } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const roots: Readonly<Record<string, string>> = { header: 'hdr', footer: 'ftr' };
  const kind = (name: string) => name.replace(/\d+$/, '');
  return officeFile('word/document.xml', 'wordprocessingml.document', {
    'word/document.xml': xmlPart('w:document', `<w:body>${body}</w:body>`),
    'word/_rels/document.xml.rels': ways([
      ...Object.keys(parts).map((name) => ({ type: kind(name), target: `${name}.xml` })),
      ...(more.ways ?? []),
    ]),
    ...Object.fromEntries(
      Object.entries(parts).map(([name, content]) => [
        `word/${name}.xml`,
        xmlPart(`w:${roots[kind(name)] ?? kind(name)}`, content),
      ]),
    ),
    ...more.files,
  });
}

export const run = (text: string, properties = ''): string =>
  `<w:r>${properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`;

/** A paragraph: of text, or of runs. */
export const paragraph = (content: string, properties = ''): string =>
  `<w:p>${properties === '' ? '' : `<w:pPr>${properties}</w:pPr>`}${content.startsWith('<') ? content : run(content)}</w:p>`;

export const styled = (style: string, content: string): string =>
  paragraph(content, `<w:pStyle w:val="${style}"/>`);

export const cell = (content: string, properties = ''): string =>
  `<w:tc><w:tcPr>${properties}</w:tcPr>${content.startsWith('<w:p') || content.startsWith('<w:tbl') ? content : paragraph(content)}</w:tc>`;

export const table = (rows: readonly (readonly string[])[], rowProperties: readonly string[] = []): string =>
  `<w:tbl>${rows
    .map(
      (cells, at) =>
        `<w:tr><w:trPr>${rowProperties[at] ?? ''}</w:trPr>${cells.map((one) => (one.startsWith('<w:tc>') ? one : cell(one))).join('')}</w:tr>`,
    )
    .join('')}</w:tbl>`;
