import { standsAt } from './magic.ts';

/** Place, mark (one character a byte), name. */
type Mark = readonly [number, string, string];

const pictures: readonly Mark[] = [
  [0, '\u0089PNG', 'PNG'],
  [0, '\u00ff\u00d8\u00ff', 'JPEG'],
  [0, 'GIF8', 'GIF'],
  [8, 'WEBP', 'WebP'],
  [0, 'II*\0', 'TIFF'],
  [0, 'MM\0*', 'TIFF'],
  [4, 'ftypheic', 'HEIC'],
  [4, 'ftypheix', 'HEIC'],
  [4, 'ftypmif1', 'HEIF'],
  [4, 'ftypavif', 'AVIF'],
  [0, '\0\0\0\u000cjP  ', 'JPEG 2000'],
  [0, '\u00ffO\u00ffQ', 'JPEG 2000'],
  [0, '8BPS', 'Photoshop'],
  [0, '\0\0\u0001\0', 'icon'],
  [0, '\u00d7\u00cd\u00c6\u009a', 'WMF'],
  [40, ' EMF', 'EMF'],
];

/** Two letters alone are also the start of a text; the header's size tells. */
const isBitmap = (head: Uint8Array): boolean =>
  standsAt(head, 0, 'BM') && [12, 40, 56, 64, 108, 124].includes(head[14] ?? 0) && head[15] === 0;

/** The name of a picture's format. */
export const pictureOf = (head: Uint8Array): string | undefined =>
  pictures.find(([at, mark]) => standsAt(head, at, mark))?.[2] ?? (isBitmap(head) ? 'BMP' : undefined);

const archive = (extension: string) => `an archive (${extension}): unpack it, and upload the documents in it`;
const sound = 'a sound recording: upload what is said in it, as a text or as subtitles (.vtt, .srt)';
const film = 'a film: upload what is said in it, as a text or as subtitles (.vtt, .srt)';
const program = 'a program, and no document';
const font = 'a font, and no document';

const marks: readonly Mark[] = [
  [0, '\u001f\u008b', archive('.gz')],
  [0, '7z\u00bc\u00af\u0027\u001c', archive('.7z')],
  [0, 'Rar!\u001a', archive('.rar')],
  [0, '\u00fd7zXZ\0', archive('.xz')],
  [0, 'BZh', archive('.bz2')],
  [0, '(\u00b5/\u00fd', archive('.zst')],
  [257, 'ustar', archive('.tar')],
  [0, 'MSCF', archive('.cab')],
  [0, 'ITSF', 'a compiled help file (.chm): unpack it, and upload its pages as HTML'],
  [
    0,
    'x\u009f>"',
    'an envelope of Outlook (winmail.dat): save the message or its attachments from the mail program',
  ],
  [0, '!BDN', 'a mailbox of Outlook (.pst): save the messages as .eml or .msg'],
  [60, 'BOOKMOBI', 'a Kindle book: convert it to .epub'],
  [0, 'AT&TFORM', 'a DjVu document: convert it to PDF with a text layer'],
  [0, '\u00ffWPC', 'a WordPerfect document: save it as .docx'],
  [0, 'bplist00', 'a binary property list (a web archive of Safari, say): save the page as .html or PDF'],
  [0, '%!PS', 'a PostScript file: convert it to PDF'],
  [
    0,
    '\u00e4R\\{\u008c\u00d8\u00a7M\u00ae\u00b1Sx\u00d0)\u0096\u00d3',
    'a OneNote section: export it as .docx or PDF',
  ],
  [0, 'AC10', 'an AutoCAD drawing: plot it to PDF'],
  [0, 'SQLite format 3\0', 'an SQLite database: export its tables as .csv'],
  [4, 'Standard Jet DB', 'an Access database: export its tables as .xlsx or .csv'],
  [4, 'Standard ACE DB', 'an Access database: export its tables as .xlsx or .csv'],
  [0, 'PAR1', 'a Parquet file: export it as .csv'],
  [0, 'ARROW1', 'an Arrow file: export it as .csv'],
  [0, 'ID3', sound],
  [0, 'OggS', sound],
  [0, 'fLaC', sound],
  [8, 'WAVE', sound],
  [4, 'ftypM4A', sound],
  [8, 'AVI ', film],
  [4, 'ftyp', film],
  [0, '\u001aE\u00df\u00a3', film],
  [0, '\u007fELF', program],
  [0, '\0asm', program],
  [0, '\u00ca\u00fe\u00ba\u00be', program],
  [0, '\u00cf\u00fa\u00ed\u00fe', program],
  [0, 'OTTO\0', font],
  [0, '\0\u0001\0\0\0', font],
  [0, 'wOFF', font],
  [0, 'wOF2', font],
];

/** What a file is that is not read, with what to do about it. */
export function unreadBinary(bytes: Uint8Array): string | undefined {
  const found = marks.find(([at, mark]) => standsAt(bytes, at, mark));
  if (found !== undefined) return found[2];
  // 'MZ' begins a text as well; a program has the place of its second header at 60.
  const second = (bytes[60] ?? 0) + (bytes[61] ?? 0) * 256;
  if (standsAt(bytes, 0, 'MZ') && standsAt(bytes, second, 'PE\0\0')) return program;
  return undefined;
}
