import { describe, expect, test } from 'vitest';
import { formatOf } from '../../core/ingest/format.ts';
import { type FormatName, formatNamed, formatNames } from '../../core/ingest/formats.ts';
import { parseDocument } from '../../core/ingest/parse.ts';
import { bytesOf, type Feature, features, formatSamples } from '../format-samples.ts';

/** One kind of white space, so that a sample is written in one line. */
const normal = (text: string) =>
  text
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();

describe('samples of every format are read whole and in order', () => {
  test.each(formatSamples)('$filename', async (sample) => {
    const source = { filename: sample.filename, contentType: '', bytes: await bytesOf(sample) };
    const blocks = await parseDocument(source);
    const shown = blocks.map(
      ({ block, text, page }) => `${block}${page === undefined ? '' : ` ${page}`}: ${text}`,
    );
    expect(shown.map(normal)).toEqual(sample.blocks.map(normal));
    const remarks = blocks.flatMap(({ remark = [] }) => remark).join(' ');
    if (sample.remark === undefined) expect(remarks).toBe('');
    else expect(remarks).toMatch(sample.remark);
  });
});

test('docs/reference/formats.md is what the formats and their samples say', async () => {
  const read = new Map<FormatName, Set<Feature>>();
  for (const sample of formatSamples) {
    const name = await formatOf({ filename: sample.filename, contentType: '', bytes: await bytesOf(sample) });
    read.set(name, new Set([...(read.get(name) ?? []), ...sample.features]));
  }
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const formats = formatNames.filter((name) => read.has(name));
  expect(formatNames.filter((name) => !read.has(name) && name !== 'msg')).toEqual([]);
  const page = [
    ...INTRODUCTION,
    row(['format', 'names', 'recognised by']),
    row(['---', '---', '---']),
    ...formatNames.map((name) => {
      const { noun, extensions, recognisedBy } = formatNamed(name);
      return row([noun, extensions.map((extension) => `\`.${extension}\``).join(' '), recognisedBy]);
    }),
    '',
    ...FEATURES,
    row(['', ...formats.map((name) => `\`${formatNamed(name).extensions[0]}\``)]),
    row(['---', ...formats.map(() => ':-:')]),
    ...features.map((feature) =>
      row([feature, ...formats.map((name) => (read.get(name)?.has(feature) ? '✓' : ''))]),
    ),
    '',
    ...HOW,
  ];
  await expect(`${page.join('\n')}\n`).toMatchFileSnapshot('../../docs/reference/formats.md');
});

const INTRODUCTION = [
  '# Formats',
  '',
  'What is read, by what it is recognised, and what of it becomes text. This page is written by `tests/node/formats-document.test.ts` from the',
  'list of formats in `core/ingest/formats.ts` and from small files of each (`npx vitest run --project node tests/node/formats-document.test.ts -u`).',
  '',
  'A file is what its bytes say; then what its name says, then its content type. What is not read is refused by its true name, with what to do',
  'about it ("an old Excel workbook (.xls): save it as .xlsx"). A deployment adds formats of its own by `parsers` in `app/selvedge.config.ts`.',
  '',
];

const FEATURES = [
  '## What is read of each',
  '',
  '✓ means that a sample with it is read as it must be; an empty field, that the format has no such thing, or that no sample shows it.',
  '',
];

const HOW = [
  '- *Formulas* are LaTeX between `$`. *Ticks* say their state in words: "[ ] not checked: Paid". *Links* are followed by their addresses.',
  '- *Notes* follow what they are notes on, behind their mark; *comments* stand at their place: "[Comment by Ida: …]".',
  '- *What pages repeat* (headers, footers) is said once; their numbers are not.',
  "- *Values of sheets* are those that were shown when the file was saved. A date in the manner of each reader's country is written as",
  '  2031-05-01. A formula without a stored result is shown as the formula, with a remark.',
  '- *Hidden* sheets, rows, columns, slides and text are not read, and a remark on the document names what was left out. Rows that a filter',
  '  leaves out for now are read.',
  '- *Documents inside* (attachments, chunks of other formats, embedded workbooks) are read by their own format, three deep; one that cannot be read is',
  '  named with the reason.',
  '- A slide is a page. Word documents have no pages: where one ends is known to Word alone.',
  '- *Pictures* (PNG, JPEG) are read where a file or its store has `"ocr": true`, and refused (`needs_ocr`) otherwise; of pictures in documents,',
  '  the descriptions are read.',
];
