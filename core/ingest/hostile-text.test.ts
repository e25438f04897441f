import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { parseDocument } from './parse.ts';

/** What breaks readers of text: marks that open and never close, in any order and number. */
const marks = fc.constantFrom(
  '<div>',
  '<table>',
  '<tr><td rowspan="0" colspan="99999">',
  '<td>',
  '</table>',
  '<li>',
  '<ol start="-9e9" type="i">',
  '<math><mfrac>',
  '<sup><a href="#x">1</a></sup>',
  '<p id="x">',
  '<!--',
  '<![CDATA[',
  '<template>',
  '<pre>',
  '<select><option selected>',
  '&#x0;',
  '&#55555;',
  '```',
  '~~~',
  '> ',
  '- ',
  '1. ',
  '[^a]',
  '[^a]:',
  '$$',
  '$x',
  '| a | b |\n|---|---|\n',
  ':::',
  '!!! x\n    ',
  '---\n',
  '+++\n',
  '{"a":',
  '[',
  ']',
  '}',
  '1e999',
  '"',
  "'",
  '\\',
  '//',
  '/*',
  ',',
  ';',
  '\t',
  '\n',
  '\r\n',
  '\n\n',
  '\u0000',
  '\ud800',
  '\ufeff',
  'sep=;',
  'word ',
  '٣',
  '漢字',
);
const text = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: marks },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));
const bytes = fc.oneof(
  text.map((one) => new TextEncoder().encode(one)),
  fc.uint8Array({ maxLength: 300 }),
  fc.tuple(text, fc.nat(1_000)).map(([one, at]) => new TextEncoder().encode(one).slice(0, at)),
);

test('ING-53: whatever bytes come under the name of a text, they end in blocks or in a refusal with a reason', async () => {
  const names = fc.constantFrom(
    'a.html',
    'a.md',
    'a.mdx',
    'a.csv',
    'a.tsv',
    'a.json',
    'a.jsonl',
    'a.txt',
    'a',
  );
  await fc.assert(
    fc.asyncProperty(names, bytes, async (filename, some) => {
      try {
        const blocks = await parseDocument({ filename, contentType: '', bytes: some.slice() });
        expect(blocks.length).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        expect(error.details.reason).toEqual(expect.any(String));
        // No exception of a parser is hidden behind the general refusal.
        expect(error.message).not.toContain('in a way that is not known here');
      }
    }),
    { numRuns: 1_500 },
  );
}, 60_000);
