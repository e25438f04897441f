import type { FormatName } from '../formats.ts';
import { startsWith } from './magic.ts';

/** What a text is by its first characters, where these leave no doubt, or where its name says nothing or something old. */
export function textFormat(
  head: Uint8Array,
  extension: string,
  named: FormatName | undefined,
): FormatName | undefined {
  const start = new TextDecoder('latin1').decode(head).replace(/^(\u00ef\u00bb\u00bf)?\s*/, '');
  const isUnnamed = named === undefined;
  if (isUnnamed || named === 'docx') {
    if (/^<!doctype html|^<html[\s>]/i.test(start)) return 'html';
  }
  // What programs export under the names of Office formats.
  if (extension === 'xls' && isTabular(start)) return 'csv';
  return undefined;
}

const isTabular = (start: string): boolean => /^[^\n]*\t[^\n]*\n[^\n]*\t/.test(start);

export const isRichText = (head: Uint8Array): boolean => startsWith(head, '{\\rtf');
