import { extensionOf, mediaTypeOf } from './parser.ts';
import { refuse } from './refusal.ts';

export type Format = 'markdown' | 'text' | 'html' | 'pdf' | 'docx' | 'csv' | 'json' | 'jsonl';

const byExtension: Readonly<Record<string, Format>> = {
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'markdown',
  txt: 'text',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  pdf: 'pdf',
  docx: 'docx',
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
};

const byContentType: Readonly<Record<string, Format>> = {
  'text/markdown': 'markdown',
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'text/csv': 'csv',
  'application/json': 'json',
  'application/jsonl': 'jsonl',
};

/**
 * What a file is: its first bytes where they leave no doubt, else its name, else its content type, else plain
 * text, as long as it can be text at all. Names come from people and content types from browsers, which
 * often say `application/octet-stream`.
 */
export function formatOf(file: {
  readonly filename: string;
  readonly contentType: string;
  readonly head: Uint8Array;
}): Format {
  const named = byExtension[extensionOf(file.filename)] ?? byContentType[mediaTypeOf(file.contentType)];
  // A PDF may have rubbish before its mark; a text may mention the mark.
  const reach = named === undefined || named === 'pdf' ? 1024 : 0;
  if (startsWith(file.head, '%PDF-', reach)) return 'pdf';
  if (startsWith(file.head, 'PK\u0003\u0004')) {
    if (named === 'docx') return 'docx';
    throw unsupported(file.filename, 'it is a ZIP container, and of those only .docx is read');
  }
  if (named === 'pdf' || named === 'docx') {
    throw refuse('malformed', `'${file.filename}' does not contain a ${named.toUpperCase()} file.`);
  }
  if (startsWith(file.head, '\u00d0\u00cf\u0011\u00e0')) {
    throw unsupported(file.filename, 'it is an old binary Office file; save it as .docx');
  }
  const utf16 = startsWith(file.head, '\u00ff\u00fe') || startsWith(file.head, '\u00fe\u00ff');
  if (!utf16 && file.head.includes(0)) throw unsupported(file.filename, 'it is a binary file');
  return named ?? 'text';
}

const unsupported = (filename: string, why: string) =>
  refuse(
    'unsupported_format',
    `'${filename}' cannot be read: ${why}. Markdown, text, HTML, PDF, DOCX, CSV and JSON can.`,
  );

/** Whether `mark` (one character a byte) stands at the start, or within the first `reach` bytes. */
function startsWith(bytes: Uint8Array, mark: string, reach = 0): boolean {
  const last = Math.min(reach, bytes.length - mark.length);
  for (let at = 0; at <= last; at += 1) {
    let same = 0;
    while (same < mark.length && bytes[at + same] === mark.charCodeAt(same)) same += 1;
    if (same === mark.length) return true;
  }
  return false;
}
