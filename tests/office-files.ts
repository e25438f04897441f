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
  more: {
    readonly ways?: readonly Way[];
    readonly files?: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;
  } = {},
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

/** A workbook of sheets by name: the content of each one's `worksheet`, and parts beside it. */
export function workbookFile(
  sheets: Readonly<Record<string, string>>,
  more: {
    readonly styles?: string;
    readonly strings?: readonly string[];
    readonly hidden?: readonly string[];
    readonly ways?: readonly Way[];
    readonly files?: Readonly<Record<string, string>>;
  } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const names = Object.keys(sheets);
  const part = (root: string, content: string) => xmlPart(root, content, ` ${main}`);
  const list = names
    .map(
      (name, at) =>
        `<sheet name="${name}" sheetId="${at + 1}" r:id="s${at}"${more.hidden?.includes(name) ? ' state="hidden"' : ''}/>`,
    )
    .join('');
  const strings = (more.strings ?? []).map((text) => `<si><t>${text}</t></si>`).join('');
  return officeFile('xl/workbook.xml', 'spreadsheetml.sheet', {
    'xl/workbook.xml': part('workbook', `<sheets>${list}</sheets>`),
    'xl/_rels/workbook.xml.rels': ways([
      ...names.map((_, at) => ({ type: 'worksheet', target: `worksheets/sheet${at + 1}.xml`, id: `s${at}` })),
      { type: 'styles', target: 'styles.xml' },
      { type: 'sharedStrings', target: 'sharedStrings.xml' },
    ]),
    'xl/styles.xml': part('styleSheet', more.styles ?? ''),
    'xl/sharedStrings.xml': part('sst', strings),
    ...Object.fromEntries(
      names.map((name, at) => [`xl/worksheets/sheet${at + 1}.xml`, part('worksheet', sheets[name] ?? '')]),
    ),
    'xl/worksheets/_rels/sheet1.xml.rels': ways(more.ways ?? []),
    ...Object.fromEntries(
      Object.entries(more.files ?? {}).map(([name, content]) => [
        name,
        content.startsWith('<?xml')
          ? content
          : part(name.includes('comments') ? 'comments' : 'table', content),
      ]),
    ),
  });
}

/** Rows of cells from A1: texts inline, numbers with a style as `[value, style]`. Null leaves a cell out. */
export const sheetData = (
  rows: readonly (readonly (string | number | readonly [number, number] | null)[])[],
  attributes: readonly string[] = [],
): string =>
  `<sheetData>${rows
    .map((cells, row) => {
      const written = cells.map((value, column) => {
        const place = `${String.fromCharCode(65 + column)}${row + 1}`;
        if (value === null) return '';
        if (typeof value === 'string') return `<c r="${place}" t="inlineStr"><is><t>${value}</t></is></c>`;
        const [number, style] = typeof value === 'number' ? [value, 0] : value;
        return `<c r="${place}" s="${style}"><v>${number}</v></c>`;
      });
      return `<row r="${row + 1}" ${attributes[row] ?? ''}>${written.join('')}</row>`;
    })
    .join('')}</sheetData>`;

/** A presentation: the shapes of each slide, and the ways and files of the first. */
export function presentationFile(
  slides: readonly string[],
  more: {
    readonly hidden?: readonly number[];
    readonly ways?: readonly Way[];
    readonly files?: Readonly<Record<string, string>>;
  } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return officeFile('ppt/presentation.xml', 'presentationml.presentation', {
    'ppt/presentation.xml': xmlPart(
      'p:presentation',
      `<p:sldIdLst>${slides.map((_, at) => `<p:sldId id="${256 + at}" r:id="s${at}"/>`).join('')}</p:sldIdLst>`,
    ),
    'ppt/_rels/presentation.xml.rels': ways(
      slides.map((_, at) => ({ type: 'slide', target: `slides/slide${at + 1}.xml`, id: `s${at}` })),
    ),
    ...Object.fromEntries(
      slides.map((shapes, at) => [
        `ppt/slides/slide${at + 1}.xml`,
        xmlPart(
          'p:sld',
          `<p:cSld><p:spTree>${shapes}</p:spTree></p:cSld>`,
          more.hidden?.includes(at + 1) ? ' show="0"' : '',
        ),
      ]),
    ),
    'ppt/slides/_rels/slide1.xml.rels': ways(more.ways ?? []),
    ...more.files,
  });
}

/** A shape with lines of text; `place`: x and y in inches. */
export const shape = (
  lines: readonly string[],
  {
    type = '',
    place = [0, 0],
    properties = '',
  }: {
    readonly type?: string;
    readonly place?: readonly [number, number];
    readonly properties?: string;
  } = {},
): string =>
  `<p:sp><p:nvSpPr><p:cNvPr id="2" name=""/><p:nvPr>${type === '' ? '' : `<p:ph type="${type}"/>`}</p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="${place[0] * 914_400}" y="${place[1] * 914_400}"/><a:ext cx="914400" cy="457200"/></a:xfrm></p:spPr><p:txBody>${lines
    .map((line) => `<a:p>${properties}${line.startsWith('<') ? line : `<a:r><a:t>${line}</a:t></a:r>`}</a:p>`)
    .join('')}</p:txBody></p:sp>`;

const odf = Object.entries({
  office: 'office',
  text: 'text',
  table: 'table',
  style: 'style',
  draw: 'drawing',
  svg: 'svg-compatible',
  presentation: 'presentation',
  form: 'form',
})
  .map(([prefix, name]) => `xmlns:${prefix}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .join(' ');

/** An OpenDocument file: what stands in its body, its automatic styles, its `styles.xml`, other parts. */
export function openDocumentFile(
  kind: 'text' | 'spreadsheet' | 'presentation',
  body: string,
  {
    automatic = '',
    styles = '',
    files = {},
  }: {
    readonly automatic?: string;
    readonly styles?: string;
    readonly files?: Readonly<Record<string, string>>;
  } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const names = `${odf} xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"`;
  return zip({
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    'content.xml': `<?xml version="1.0"?><office:document-content ${names}><office:automatic-styles>${automatic}</office:automatic-styles><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
    'styles.xml': `<?xml version="1.0"?><office:document-styles ${names}>${styles}</office:document-styles>`,
    ...files,
  });
}

/** A chart that draws one row of figures. */
export const chartPart = (title: string, name: string, values: Readonly<Record<string, string>>): string => {
  const points = (kind: string, list: readonly string[]) =>
    `<c:${kind}Ref><c:${kind}Cache>${list.map((value, at) => `<c:pt idx="${at}"><c:v>${value}</c:v></c:pt>`).join('')}</c:${kind}Cache></c:${kind}Ref>`;
  return xmlPart(
    'c:chartSpace',
    `<c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>${title}</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx>${points('str', [name])}</c:tx><c:cat>${points('str', Object.keys(values))}</c:cat><c:val>${points('num', Object.values(values))}</c:val></c:ser></c:barChart></c:plotArea></c:chart>`,
  );
};
