import type { Draft } from './block.ts';
import type { CharacterMaps } from './character-maps.ts';
import { MAX_MARKDOWN_BYTES } from './limits.ts';
import { refuseBeyond } from './limits-refusal.ts';
import { codeExtensions } from './parse/code/extensions.ts';
import { remarkedFirst } from './remark.ts';
import type { Drafts, ReadInner, Source } from './source.ts';

/**
 * The formats that are read: their names, and the module that reads each. A module is loaded when the first document of its
 * format comes, so that an isolate that only answers never evaluates one.
 */
export interface DocumentFormat {
  /** With its article, as errors say it: "a Word document". */
  readonly noun: string;
  readonly extensions: readonly string[];
  readonly mediaTypes: readonly string[];
  /** What is looked at besides the name, in words for docs/reference/formats.md. */
  readonly recognisedBy: string;
  /** Its bytes tell what it is, so a file that has only its name is damaged. */
  readonly isBinary?: true;
  readonly read: (source: Source, readInner: ReadInner, characterMaps: CharacterMaps) => Promise<Drafts>;
}

/** A format that is text: decoded, with what is to be said of its encoding on the first block. */
const ofText =
  (load: (source: Source) => Promise<(text: string) => Iterable<Draft>>): DocumentFormat['read'] =>
  async (source) => {
    const { decodeBytes } = await import('./encoding/decode.ts');
    const { text, remark } = decodeBytes(source.bytes, source);
    return remarkedFirst((await load(source))(text), remark);
  };

const OOXML = 'application/vnd.openxmlformats-officedocument';
const OPEN_DOCUMENT = 'application/vnd.oasis.opendocument';
const MACRO = 'macroenabled.12';

const readOpenDocument: DocumentFormat['read'] = async ({ bytes }) =>
  (await import('./parse/odf/odf.ts')).parseOpenDocument(bytes);

const formats = {
  pdf: {
    noun: 'a PDF',
    extensions: ['pdf'],
    mediaTypes: ['application/pdf'],
    recognisedBy: '`%PDF-` near the start',
    isBinary: true,
    read: async ({ bytes }, _, characterMaps) =>
      (await import('./parse/pdf.ts')).parsePdf(bytes, characterMaps),
  },
  docx: {
    noun: 'a Word document',
    extensions: ['docx', 'docm', 'dotx', 'dotm'],
    mediaTypes: [
      `${OOXML}.wordprocessingml.document`,
      `${OOXML}.wordprocessingml.template`,
      `application/vnd.ms-word.document.${MACRO}`,
    ],
    recognisedBy: 'the main part of the package',
    isBinary: true,
    read: async ({ bytes }, readInner) => (await import('./parse/docx/docx.ts')).parseDocx(bytes, readInner),
  },
  xlsx: {
    noun: 'an Excel workbook',
    extensions: ['xlsx', 'xlsm', 'xltx', 'xltm'],
    mediaTypes: [
      `${OOXML}.spreadsheetml.sheet`,
      `${OOXML}.spreadsheetml.template`,
      `application/vnd.ms-excel.sheet.${MACRO}`,
    ],
    recognisedBy: 'the main part of the package',
    isBinary: true,
    read: async ({ bytes }, readInner) => (await import('./parse/xlsx/xlsx.ts')).parseXlsx(bytes, readInner),
  },
  pptx: {
    noun: 'a PowerPoint presentation',
    extensions: ['pptx', 'pptm', 'ppsx', 'ppsm', 'potx'],
    mediaTypes: [
      `${OOXML}.presentationml.presentation`,
      `${OOXML}.presentationml.slideshow`,
      `application/vnd.ms-powerpoint.presentation.${MACRO}`,
    ],
    recognisedBy: 'the main part of the package',
    isBinary: true,
    read: async ({ bytes }, readInner) => (await import('./parse/pptx/pptx.ts')).parsePptx(bytes, readInner),
  },
  odt: {
    noun: 'an OpenDocument text',
    extensions: ['odt', 'ott'],
    mediaTypes: [`${OPEN_DOCUMENT}.text`, `${OPEN_DOCUMENT}.text-template`],
    recognisedBy: '`mimetype` in the container',
    isBinary: true,
    read: readOpenDocument,
  },
  ods: {
    noun: 'an OpenDocument spreadsheet',
    extensions: ['ods', 'ots'],
    mediaTypes: [`${OPEN_DOCUMENT}.spreadsheet`, `${OPEN_DOCUMENT}.spreadsheet-template`],
    recognisedBy: '`mimetype` in the container',
    isBinary: true,
    read: readOpenDocument,
  },
  odp: {
    noun: 'an OpenDocument presentation',
    extensions: ['odp', 'otp'],
    mediaTypes: [`${OPEN_DOCUMENT}.presentation`, `${OPEN_DOCUMENT}.presentation-template`],
    recognisedBy: '`mimetype` in the container',
    isBinary: true,
    read: readOpenDocument,
  },
  epub: {
    noun: 'an EPUB book',
    extensions: ['epub'],
    mediaTypes: ['application/epub+zip'],
    recognisedBy: '`mimetype` in the container',
    isBinary: true,
    read: async ({ bytes }) => (await import('./parse/epub.ts')).parseEpub(bytes),
  },
  rtf: {
    noun: 'an RTF document',
    extensions: ['rtf'],
    mediaTypes: ['application/rtf', 'text/rtf'],
    recognisedBy: '`{\\rtf` at the start',
    isBinary: true,
    read: async ({ bytes }) => (await import('./parse/rtf/rtf.ts')).parseRtf(bytes),
  },
  eml: {
    noun: 'a mail',
    extensions: ['eml', 'mht', 'mhtml'],
    mediaTypes: ['message/rfc822', 'multipart/related'],
    recognisedBy: 'its header lines',
    read: async ({ bytes }, readInner) => (await import('./parse/mail/eml.ts')).parseEml(bytes, readInner),
  },
  mbox: {
    noun: 'a mailbox',
    extensions: ['mbox'],
    mediaTypes: ['application/mbox'],
    recognisedBy: 'a line "From …" before header lines',
    read: async ({ bytes }, readInner) => (await import('./parse/mail/mbox.ts')).parseMbox(bytes, readInner),
  },
  msg: {
    noun: 'an Outlook message',
    extensions: ['msg'],
    mediaTypes: ['application/vnd.ms-outlook'],
    recognisedBy: 'the streams of the container',
    isBinary: true,
    read: async ({ bytes }, readInner) => (await import('./parse/mail/msg.ts')).parseMsg(bytes, readInner),
  },
  notebook: {
    noun: 'a notebook',
    extensions: ['ipynb'],
    mediaTypes: ['application/x-ipynb+json'],
    recognisedBy: 'its name, or `"nbformat"` in JSON',
    read: ofText(async () => (await import('./parse/notebook.ts')).parseNotebook),
  },
  subtitles: {
    noun: 'a file of subtitles',
    extensions: ['vtt', 'srt'],
    mediaTypes: ['text/vtt', 'application/x-subrip'],
    recognisedBy: '`WEBVTT`, or a first line with a time',
    read: ofText(async () => (await import('./parse/subtitles.ts')).parseSubtitles),
  },
  cards: {
    noun: 'a calendar or a card',
    extensions: ['ics', 'vcf'],
    mediaTypes: ['text/calendar', 'text/vcard'],
    recognisedBy: '`BEGIN:VCALENDAR` or `BEGIN:VCARD`',
    read: ofText(async () => (await import('./parse/card.ts')).parseCards),
  },
  xml: {
    noun: 'an XML document',
    extensions: ['xml', 'svg', 'rss', 'atom', 'nxml', 'dita', 'docbook', 'tei'],
    mediaTypes: [
      'application/xml',
      'text/xml',
      'image/svg+xml',
      'application/rss+xml',
      'application/atom+xml',
    ],
    recognisedBy: '`<?xml` or the first element',
    read: async ({ bytes }) => (await import('./parse/markup.ts')).parseMarkup(bytes),
  },
  code: {
    noun: 'source code',
    extensions: codeExtensions,
    mediaTypes: ['text/javascript', 'text/x-python', 'text/x-java-source', 'text/x-c'],
    recognisedBy: 'its name',
    read: ofText(async ({ filename }) => {
      const { parseCode } = await import('./parse/code/code.ts');
      return (text) => parseCode(text, filename);
    }),
  },
  html: {
    noun: 'an HTML page',
    extensions: ['html', 'htm', 'xhtml'],
    mediaTypes: ['text/html', 'application/xhtml+xml'],
    recognisedBy: '`<!doctype html` or `<html` at the start',
    read: ofText(async () => (await import('./parse/html.ts')).parseHtml),
  },
  markdown: {
    noun: 'a Markdown document',
    extensions: ['md', 'markdown', 'mdx'],
    mediaTypes: ['text/markdown'],
    recognisedBy: 'its name',
    read: ofText(async ({ bytes }) => {
      refuseBeyond(bytes.byteLength, MAX_MARKDOWN_BYTES, 'Markdown documents');
      return (await import('./parse/markdown.ts')).parseMarkdown;
    }),
  },
  csv: {
    noun: 'a CSV file',
    extensions: ['csv', 'tsv'],
    mediaTypes: ['text/csv', 'text/tab-separated-values'],
    recognisedBy: 'its name',
    read: ofText(async () => (await import('./parse/csv.ts')).parseCsv),
  },
  json: {
    noun: 'a JSON file',
    extensions: ['json'],
    mediaTypes: ['application/json'],
    recognisedBy: 'its name',
    read: ofText(async () => (await import('./parse/json.ts')).parseJson),
  },
  jsonl: {
    noun: 'a file of JSON lines',
    extensions: ['jsonl', 'ndjson'],
    mediaTypes: ['application/jsonl', 'application/x-ndjson'],
    recognisedBy: 'its name',
    read: ofText(async () => (await import('./parse/json.ts')).parseJsonLines),
  },
  text: {
    noun: 'a text',
    extensions: ['txt', 'text', 'log', 'rst', 'adoc', 'org', 'tex', 'yaml', 'yml', 'toml', 'ini', 'conf'],
    mediaTypes: ['text/plain'],
    recognisedBy: 'being text, and nothing else',
    read: ofText(async () => (await import('./parse/text.ts')).parseText),
  },
} satisfies Readonly<Record<string, DocumentFormat>>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as readonly FormatName[];

export const formatNamed = (name: FormatName): DocumentFormat => formats[name];

const byExtension = new Map(
  formatNames.flatMap((name) => formats[name].extensions.map((extension) => [extension, name] as const)),
);
const byMediaType = new Map(
  formatNames.flatMap((name) => formats[name].mediaTypes.map((type) => [type, name] as const)),
);

/** By extension first: names come from people, content types from browsers, which often say `application/octet-stream`. */
export const namedFormat = (extension: string, mediaType: string): FormatName | undefined =>
  byExtension.get(extension) ?? byMediaType.get(mediaType);

/** What a file chooser may offer: `.pdf`, `.docx` … */
export const readableExtensions: readonly string[] = [...byExtension.keys()].map(
  (extension) => `.${extension}`,
);
