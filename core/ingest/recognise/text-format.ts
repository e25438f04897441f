import type { FormatName } from '../formats.ts';

/** Formats whose first characters are a mark that no other text begins with: they go before the name. */
const marked: readonly (readonly [RegExp, FormatName])[] = [
  [/^\{\\rtf/, 'rtf'],
  [/^WEBVTT(?:\s|$)/, 'subtitles'],
  [/^\d+\s*\r?\n\d{1,2}:\d{2}:\d{2},\d{3} --> /, 'subtitles'],
  [/^BEGIN:V(?:CALENDAR|CARD)\b/i, 'cards'],
];

const headerLines = /^(?:[A-Za-z][\w-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3,}/;

/** Other protocols have header lines as well; a mail says who wrote it, and one more thing. */
const isMail = (start: string): boolean =>
  headerLines.test(start) &&
  /^From:/im.test(start) &&
  /^(?:Subject|Date|Received|Message-ID|Return-Path):/im.test(start);

/** Names under which programs export what is none of it: a workbook that is a page, a document that is a mail. */
const misleading = new Set(['doc', 'xls', 'ppt', 'docx', 'xlsx', 'pptx', 'rtf']);

/** What a text is by its first characters, where these leave no doubt, or where its name says nothing. */
export function textFormat(
  head: Uint8Array,
  extension: string,
  named: FormatName | undefined,
): FormatName | undefined {
  const start = new TextDecoder('latin1').decode(head).replace(/^(?:\u00ef\u00bb\u00bf)?\s*/, '');
  const found = marked.find(([mark]) => mark.test(start))?.[1];
  if (found !== undefined) return found;
  const isOpen = named === undefined || named === 'text' || misleading.has(extension);
  if (isOpen && /^From \S+.*\n/.test(start) && headerLines.test(start.slice(start.indexOf('\n') + 1)))
    return 'mbox';
  if (isOpen && isMail(start)) return 'eml';
  const isPage = /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,500}?-->\s*)?(?:<!doctype html|<html[\s>])/i.test(
    start,
  );
  if (isPage) return named === undefined || misleading.has(extension) || named === 'xml' ? 'html' : undefined;
  if (/^<\?xml\s/.test(start) && named !== 'html' && named !== 'code') return 'xml';
  if (isOpen && /^<(?:rss|feed|svg|rdf:RDF)[\s>]/.test(start)) return 'xml';
  if ((isOpen || named === 'json') && /^\{/.test(start) && /"nbformat"\s*:\s*\d/.test(start))
    return 'notebook';
  if (isOpen && misleading.has(extension)) {
    if (/^<(?:table|meta|head|body)[\s>]/i.test(start)) return 'html';
    if (/^[^\n]*\t[^\n]*\n[^\n]*\t/.test(start)) return 'csv';
  }
  return undefined;
}
