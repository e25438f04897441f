/** Namespaces of OpenDocument 1.3 by the prefixes under which its specification writes them. */
const oasis = (name: string) => `urn:oasis:names:tc:opendocument:xmlns:${name}:1.0`;

export const openDocumentPrefixes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['office', 'text', 'table', 'style', 'presentation', 'form', 'chart'].map((name) => [oasis(name), name]),
  ),
  [oasis('drawing')]: 'draw',
  [oasis('svg-compatible')]: 'svg',
  [oasis('xsl-fo-compatible')]: 'fo',
  [oasis('datastyle')]: 'number',
  'http://www.w3.org/1999/xlink': 'xlink',
  'http://purl.org/dc/elements/1.1/': 'dc',
};
