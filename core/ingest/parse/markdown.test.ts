import { describe, expect, test } from 'vitest';
import { parseMarkdown } from './markdown.ts';

const read = (text: string) => [...parseMarkdown(text)];
const textsOf = (text: string) => read(text).map(({ text }) => text);

describe('states', () => {
  test('ING-23: open and done tasks, also nested, and what is struck out', () => {
    expect(
      textsOf(
        '- [x] Keys cut\n- [ ] Alarm tested\n  1. [ ] by day\n  2. [X] by night\n\nThe fee is ~~500~~ 650.',
      ),
    ).toEqual([
      '- [x] done: Keys cut\n- [ ] not done: Alarm tested\n  1. [ ] not done: by day\n  2. [x] done: by night',
      'The fee is ~~500~~ 650.',
    ]);
  });
});

describe('HTML in Markdown', () => {
  test('line breaks, raised and lowered figures, ticks', () => {
    expect(textsOf('Ana<br>Bob<br/>Cleo, H<sub>2</sub>O, 10<sup>6</sup>, <del>old</del>')).toEqual([
      'Ana Bob Cleo, H₂O, 10⁶, ~~old~~',
    ]);
    expect(textsOf('| Team | People |\n|---|---|\n| Sales | Ana Meier<br>Bob Kunz |')).toEqual([
      'Team | People\nSales | Ana Meier Bob Kunz',
    ]);
  });

  test('a table with blank lines is one table', () => {
    expect(
      textsOf(
        '<table>\n<thead>\n<tr><th>Plan</th><th>Fee</th></tr>\n</thead>\n\n<tbody>\n<tr><td>A</td><td>4</td></tr>\n\n<tr><td>**B**</td><td>19</td></tr>\n</tbody>\n</table>\n\nAfter.',
      ),
    ).toEqual(['Plan | Fee\nA | 4\n**B** | 19', 'After.']);
  });

  test('details with Markdown inside: the summary is the heading of what it opens', () => {
    expect(
      read('# FAQ\n\n<details>\n<summary>How long?</summary>\n\nIt is **11** weeks.\n\n- one\n\n</details>'),
    ).toEqual([
      { text: 'FAQ', block: 'heading', level: 1 },
      { text: 'How long?', block: 'heading', level: 2 },
      { text: 'It is 11 weeks.', block: 'paragraph' },
      { text: '- one', block: 'list' },
    ]);
  });

  test('a placeholder that looks like a tag is text, a comment is not', () => {
    expect(
      textsOf('Run `x` with <file> and <your-key>.<!-- secret -->\n\n<token>\n\nA `List<String>`.'),
    ).toEqual(['Run x with <file> and <your-key>.', '<token>', 'A List<String>.']);
  });
});

test('ING-24: formulas keep their marks and characters', () => {
  expect(
    textsOf(
      'So $a_1 * b_1 * c$ and $$\n\\sum_{i} x_i\n$$ hold; $5 or $10, and $x$.\n\n```sh\necho $A_1 * $B_1\n```',
    ),
  ).toEqual(['So $a_1 * b_1 * c$ and $$\\sum_{i} x_i$$ hold; $5 or $10, and $x$.', 'echo $A_1 * $B_1']);
  expect(textsOf('It costs $5 *net* and $10 *gross*.')).toEqual(['It costs $5 net and $10 gross.']);
  expect(textsOf('| a | b |\n|---|---|\n| $x$ | 2 |')).toEqual(['a | b\n$x$ | 2']);
});

describe('front matter', () => {
  test('what YAML and TOML say of the document can be found, and names a text without a title', () => {
    expect(read('---\ntitle: "Travel"\nowner: Ida Brunner\ntags:\n  - hr\n# no\n---\nBody.')).toEqual([
      { text: 'Travel', block: 'heading', level: 1 },
      { text: 'owner: Ida Brunner', block: 'paragraph' },
      { text: 'tags:\n  - hr', block: 'paragraph' },
      { text: 'Body.', block: 'paragraph' },
    ]);
    expect(textsOf('+++\ntitle = "Leave"\nowner = \'Ida\'\n+++\n# Leave\n')).toEqual([
      'title: Leave',
      'owner: Ida',
      'Leave',
    ]);
    expect(textsOf('+++\nNo front matter.\n+++')).toEqual(['+++ No front matter. +++']);
  });

  test('what is said to the generator of a site is not said of the document', () => {
    expect(
      textsOf(
        '---\ntitle: Rooms\nlayout: page\nsidebar: { order: 3 }\nredirect_from:\n  - /old/rooms/\n  - /older/\ndraft: false\neffective: 2031-05-01\nmoved: /elsewhere/\n---\nBody.',
      ),
    ).toEqual(['Rooms', 'effective: 2031-05-01', 'Body.']);
    expect(textsOf('---\nid: INV-7\nurl: https://pay.example/7\nweight: 12 kg\n---\nBody.')).toEqual([
      'id: INV-7',
      'url: https://pay.example/7',
      'weight: 12 kg',
      'Body.',
    ]);
  });
});

describe('links', () => {
  test('addresses stand behind the block, those of people behind their words; places in the same text or site do not', () => {
    expect(
      textsOf(
        'See the [form](https://x.example/f-7), [mail](mailto:a@x.example), [below](#b), [other](../c.md) or <https://y.example/>.',
      ),
    ).toEqual([
      'See the form, mail (a@x.example), below, other or https://y.example/.',
      'form: https://x.example/f-7',
    ]);
  });
});

describe('admonitions', () => {
  test('GitHub, Docusaurus and MkDocs', () => {
    expect(
      textsOf(
        '> [!WARNING]\n> Never open it.\n\n:::tip Storage\nKeep *dry*.\n:::\n\n!!! danger "Hot"\n    Wait **five** minutes.\n\n    - then open\n\nAfter.',
      ),
    ).toEqual([
      'Warning: Never open it.',
      'Tip: Storage',
      'Keep dry.',
      'Danger: Hot',
      'Wait five minutes.',
      '- then open',
      'After.',
    ]);
    expect(textsOf('```\n:::note\n!!! x\n```')).toEqual([':::note\n!!! x']);
  });
});

describe('notes', () => {
  test('a note follows the paragraph that refers to it, under the same mark', () => {
    expect(
      textsOf(
        'It failed[^a] twice[^b].\n\nNext.\n\n[^a]: Only 14 of 90 finished.\n[^b]: In May.\n    And June.',
      ),
    ).toEqual(['It failed[1] twice[2].', '[1] Only 14 of 90 finished.', '[2] In May. And June.', 'Next.']);
  });

  test('one that nothing refers to stays', () => {
    expect(textsOf('Text.\n\n[^z]: Loose words.')).toEqual(['Text.', '[z] Loose words.']);
  });

  test('in a long text notes and links reach the part that refers to them', () => {
    const filler = 'Plain words of a long text.\n\n'.repeat(2_000);
    const text = textsOf(
      `${filler}It failed[^a], see [this][b].\n\n${filler}[^a]: Only 14 of 90.\n\n[b]: https://x.example/\n`,
    );
    expect(text.filter((one) => one.includes('14 of 90'))).toEqual(['[1] Only 14 of 90.']);
    expect(text).toContain('It failed[1], see this.');
    expect(text).toContain('this: https://x.example/');
  });
});

test('lists keep code and tables in their items', () => {
  expect(
    read(
      '1. Open\n\n   ```yaml\n   a:\n     b: 1\n   ```\n\n2. Close\n\n   | k | v |\n   |---|---|\n   | x | 4 |\n\n3. End',
    ).map(({ block, text }) => [block, text]),
  ).toEqual([
    ['list', '1. Open'],
    ['code', 'a:\n  b: 1'],
    ['list', '2. Close'],
    ['table', 'k | v\nx | 4'],
    ['list', '3. End'],
  ]);
});

test('MDX: what it imports is no text, what stands in components is', () => {
  expect(
    textsOf(
      'import Tabs from "@theme/Tabs";\n\n# Setup\n\n<Tabs>\n<TabItem value="npm">\n\nRun `npm i`.\n\n</TabItem>\n</Tabs>',
    ),
  ).toEqual(['Setup', 'Run npm i.']);
});
