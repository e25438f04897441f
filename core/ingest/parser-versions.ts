/**
 * What reads each format, in versions. A number is raised by hand whenever a change of ours makes other blocks of the
 * same bytes; a library's version is that of package.json, which a test holds together with this list.
 */
export const parserVersions = {
  text: 2,
  markdown: 4,
  html: 4,
  pdf: 3,
  docx: 2,
  xlsx: 1,
  pptx: 1,
  odf: 1,
  epub: 1,
  rtf: 1,
  mail: 1,
  notebook: 1,
  subtitles: 1,
  cards: 1,
  xml: 1,
  code: 1,
  csv: 3,
  json: 2,
  /** How the text of every block is tidied (`block.ts`). 2: nothing invisible. 3: no controls. */
  tidy: 3,
} as const;

export const parserLibraries = {
  'csv-parse': '7.0.3',
  htmlparser2: '12.0.0',
  micromark: '4.0.3',
  'micromark-extension-gfm': '3.0.0',
  numfmt: '4.0.1',
  'postal-mime': '4.0.0',
  unpdf: '1.8.1',
} as const;
