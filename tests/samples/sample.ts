/** What a document can have beside running text, in the order of the table in docs/reference/formats.md. */
export const features = [
  'headings',
  'lists',
  'tables',
  'merged cells',
  'formulas',
  'ticks and fields',
  'links',
  'notes and comments',
  'repeated on pages',
  'pictures described',
  'charts',
  'documents inside',
  'hidden left out',
  'code',
  'pages',
] as const;

export type Feature = (typeof features)[number];

/** A small file of a format that has some features, and what its blocks must read: `kind: text`, in this order. */
export interface FormatSample {
  readonly filename: string;
  readonly features: readonly Feature[];
  readonly content: string | Promise<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>;
  readonly blocks: readonly string[];
  readonly remark?: RegExp;
}
