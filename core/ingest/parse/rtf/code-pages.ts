/** Code pages as Windows numbers them → names that every TextDecoder knows. */
const byCodePage: Readonly<Record<number, string>> = {
  874: 'windows-874',
  866: 'ibm866',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  20866: 'koi8-r',
  28591: 'windows-1252',
  51932: 'euc-jp',
  54936: 'gb18030',
  65001: 'utf-8',
};

export const encodingOfCodePage = (page: number | undefined): string | undefined => {
  if (page === undefined) return undefined;
  return byCodePage[page] ?? (page >= 1250 && page <= 1258 ? `windows-${page}` : undefined);
};

/** Character sets of fonts (`\fcharset`) → encodings. */
const byCharset: Readonly<Record<number, string>> = {
  77: 'macintosh',
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
};

export const encodingOfCharset = (charset: number): string | undefined => byCharset[charset];

/** Bytes that are no text of their encoding become the sign for that: an old letter is not refused for one of them. */
export const decodeBytes = (bytes: readonly number[], encoding: string): string =>
  new TextDecoder(encoding).decode(Uint8Array.from(bytes));
