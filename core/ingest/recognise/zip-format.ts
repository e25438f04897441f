import type { FormatName } from '../formats.ts';
import { MAX_UNPACKED_BYTES, MAX_UNPACKED_FILES } from '../limits.ts';
import { ZipContainer } from '../parse/zip.ts';
import { extensionOf } from '../parser.ts';
import type { Source } from '../source.ts';
import { startsWith } from './magic.ts';
import type { Recognised } from './recognised.ts';

/** What stands in the content type of an OPC package's main part, or in the `mimetype` of an ODF or EPUB container. */
const read: readonly (readonly [RegExp, FormatName])[] = [
  [/wordprocessingml\.(document|template)\.main|ms-word\.(document|template)\.macroEnabled/i, 'docx'],
  [/spreadsheetml\.(sheet|template)\.main|ms-excel\.(sheet|template)\.macroEnabled/i, 'xlsx'],
  [
    /presentationml\.(presentation|slideshow|template)\.main|ms-powerpoint\.(presentation|slideshow|template)\.macroEnabled/i,
    'pptx',
  ],
  [/epub\+zip/, 'epub'],
  [/opendocument\.text/, 'odt'],
  [/opendocument\.spreadsheet/, 'ods'],
  [/opendocument\.presentation/, 'odp'],
];

const unread: readonly (readonly [RegExp, string])[] = [
  [/sheet\.binary\.macroEnabled/i, 'a binary Excel workbook (.xlsb): save it as .xlsx'],
  [/ms-visio/i, 'a Visio drawing: save it as PDF'],
  [/package\.xps|fixedrepresentation/i, 'an XPS document: save it as PDF'],
  [
    /opendocument\.(graphics|formula|chart|image|database|base)/i,
    'an OpenDocument drawing, formula or database: save it as PDF',
  ],
];

/** The main parts of packages whose list of content types is missing or wrong. */
const byPart: readonly (readonly [string, FormatName])[] = [
  ['word/document.xml', 'docx'],
  ['xl/workbook.xml', 'xlsx'],
  ['ppt/presentation.xml', 'pptx'],
  ['META-INF/container.xml', 'epub'],
];

/** Files that tell a container which names no content type. */
const byFile: readonly (readonly [RegExp, string])[] = [
  [
    /^(.*\/)?Index(\/Document)?\.(iwa|zip)$/,
    'a document of Pages, Numbers or Keynote: export it as .docx, .xlsx, .pptx or PDF',
  ],
  [
    /^index\.apxl$|^index\.xml$/,
    'a document of Pages, Numbers or Keynote: export it as .docx, .xlsx, .pptx or PDF',
  ],
  [/^META-INF\/MANIFEST\.MF$/, 'a Java archive, and no document'],
  [/^AndroidManifest\.xml$/, 'an Android app, and no document'],
];

/** What a ZIP container holds; undefined where the file is none. */
export async function zipFormat({ bytes }: Source): Promise<Recognised | undefined> {
  if (!startsWith(bytes, 'PK\u0003\u0004') && !startsWith(bytes, 'PK\u0005\u0006')) return undefined;
  const container = new ZipContainer(bytes, { bytes: MAX_UNPACKED_BYTES, files: MAX_UNPACKED_FILES });
  const named = (await textIn(container, '[Content_Types].xml')) + (await textIn(container, 'mimetype'));
  const format =
    read.find(([mark]) => mark.test(named))?.[1] ?? byPart.find(([part]) => container.has(part))?.[1];
  if (format !== undefined) return { format };
  const what =
    unread.find(([mark]) => mark.test(named))?.[1] ??
    byFile.find(([mark]) => container.names.some((name) => mark.test(name)))?.[1] ??
    archiveOf(container.names);
  return { reason: 'unsupported_format', what };
}

async function textIn(container: ZipContainer, name: string): Promise<string> {
  const bytes = await container.read(name);
  return bytes === undefined ? '' : new TextDecoder().decode(bytes);
}

function archiveOf(names: readonly string[]): string {
  const files = names.filter((name) => !name.endsWith('/'));
  if (files.length === 0) return 'a ZIP archive without files';
  const kinds = [...new Set(files.map(extensionOf).filter((extension) => extension !== ''))].slice(0, 5);
  const listed = kinds.length === 0 ? '' : ` (${kinds.map((kind) => `.${kind}`).join(', ')})`;
  return `a ZIP archive of ${files.length} file${files.length === 1 ? '' : 's'}${listed}: unpack it, and upload the documents in it`;
}
