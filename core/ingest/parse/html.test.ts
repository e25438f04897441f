import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHtml } from './html.ts';

const read = (html: string) => [...parseHtml(html)];
const textsOf = (html: string) => read(html).map(({ text }) => text);
const textOf = (html: string) => textsOf(html).join('\n');
const body = (inner: string, head = '') =>
  `<!doctype html><html><head>${head}</head><body>${inner}</body></html>`;

const terms =
  '<h1>Loan of tools</h1><p>A drill may be kept for nine days; after that each day costs 2.50.</p><p>Saws are lent to members alone, and never over a weekend.</p>';
const menu =
  '<ul><li><a href="/">Home</a></li><li><a href="/shop">Shop</a></li><li><a href="/jobs">Jobs</a></li></ul>';

describe('ING-26: regions', () => {
  // Each page: what must be read of it, and what must not.
  test.each<[string, string, readonly string[], readonly string[]]>([
    [
      'inside a form of the whole page',
      `<form method="post">${terms}<input type="submit" value="Send"></form>`,
      ['nine days', 'over a weekend'],
      ['Send'],
    ],
    [
      'a form among other things',
      `<main>${terms}<form><label>Your plan</label><input value="Gold"><button>Order now</button></form></main>`,
      ['Your plan Gold'],
      ['Order now'],
    ],
    ['the whole page in a header', `<header>${terms}</header>`, ['Loan of tools', 'nine days'], []],
    ['the whole page in an aside', `<aside>${terms}</aside>`, ['nine days'], []],
    ['the whole page in a footer', `<div role="contentinfo">${terms}</div>`, ['nine days'], []],
    ['the whole page in a nav', `<nav>${terms}</nav>`, ['nine days'], []],
    [
      'a header with the title and its date',
      `<header>${menu}<h1>Rules of the house</h1><p>In force since 4 May 2029.</p></header><section><p>Doors are closed at ten in the evening, all year.</p></section>`,
      ['Rules of the house', '4 May 2029', 'closed at ten'],
      [],
    ],
    [
      'a header with the title and a nav',
      `<header><nav>${menu}</nav><h1>Rules</h1></header><section><p>Doors are closed at ten in the evening, all year.</p></section>`,
      ['Rules'],
      ['Jobs'],
    ],
    [
      'a title beside main',
      `<div><h1>Rules</h1></div><main><p>Doors are closed at ten in the evening, all year.</p></main>`,
      ['Rules', 'closed at ten'],
      [],
    ],
    ['a main that is empty', `<main id="app"></main><div>${terms}</div>`, ['nine days'], []],
    ['a main that holds a spinner', `<main>Loading…</main><div>${terms}</div>`, ['nine days'], []],
    [
      'a second main',
      `<main><p>First part: the fee is 12.</p></main><main><p>Second part: the fine is 40.</p></main>`,
      ['fee is 12', 'fine is 40'],
      [],
    ],
    [
      'main by its role',
      `<div role="navigation">${menu}</div><div role="main">${terms}</div><div role="complementary">${menu}</div>`,
      ['nine days'],
      ['Jobs'],
    ],
    [
      'one teaser as the only article',
      `<div>${terms}</div><article><h3>Read also</h3><p>A shop opens.</p></article>`,
      ['nine days', 'over a weekend'],
      [],
    ],
    [
      'articles that are the content',
      `<nav>${menu}</nav><article>${terms}</article><article><p>Second notice: the ladder is being mended.</p></article><footer>© 2031</footer>`,
      ['nine days', 'ladder'],
      ['Jobs', '©'],
    ],
    [
      'a footer inside an article',
      `<article><p>The pump is to be oiled once in a month.</p><footer>Written by Noor Haddad.</footer></article>`,
      ['Noor Haddad'],
      [],
    ],
    [
      'a note in an aside among sections',
      `<section>${terms}</section><section><aside>Never lift the lid while it runs.</aside></section>`,
      ['Never lift the lid'],
      [],
    ],
    ['a directory that is nothing but links', `<h1>Forms</h1><nav>${menu}</nav>`, ['Forms', 'Jobs'], []],
    [
      'a menu in plain boxes outside main',
      `<div class="m">${menu}</div><main>${terms}</main>`,
      ['nine days'],
      ['Jobs'],
    ],
    [
      'a long section outside main',
      `<main>${terms}</main><section><p>${'Late fees are written to the account at the end of each month. '.repeat(2)}</p></section>`,
      ['Late fees'],
      [],
    ],
  ])('%s', (_name, inner, kept, left) => {
    const text = textOf(body(inner));
    for (const words of kept) expect(text).toContain(words);
    for (const words of left) expect(text).not.toContain(words);
  });

  test('any page: what is left out is less than a quarter of its prose', () => {
    const tag = fc.constantFrom(
      'nav',
      'header',
      'footer',
      'aside',
      'main',
      'article',
      'section',
      'div',
      'form',
      'fieldset',
      'details',
      'template',
      'dialog',
    );
    let number = 0;
    const next = () => {
      number += 1;
      return `w${number}`;
    };
    const leaf = fc
      .integer({ min: 1, max: 60 })
      .map((words) => Array.from({ length: words }, next).join(' '));
    const { tree } = fc.letrec<{ tree: string; node: string }>((tie) => ({
      node: fc.oneof(
        { weight: 3, arbitrary: leaf.map((text) => `<p>${text}</p>`) },
        { weight: 1, arbitrary: leaf.map((text) => `<a href="/">${text}</a>`) },
        {
          weight: 2,
          arbitrary: fc
            .tuple(tag, fc.boolean(), fc.array(tie('node'), { maxLength: 4 }))
            .map(([name, hidden, inner]) => `<${name}${hidden ? ' hidden' : ''}>${inner.join('')}</${name}>`),
        },
      ),
      tree: fc.array(tie('node'), { minLength: 1, maxLength: 6 }).map((nodes) => nodes.join('')),
    }));
    fc.assert(
      fc.property(tree, (page) => {
        // Prose that is drawn: what no hidden element and no link holds.
        const drawn = withoutHidden(page).replace(/<a [^>]*>.*?<\/a>/g, '');
        const words = drawn.match(/w\d+/g) ?? [];
        const found = new Set(textOf(page).match(/w\d+/g) ?? []);
        const size = (some: readonly string[]) => some.reduce((sum, word) => sum + word.length, 0);
        const lost = words.filter((word) => !found.has(word));
        expect(size(lost)).toBeLessThanOrEqual(size(words) * 0.25);
        if (/w\d/.test(withoutHidden(page))) expect(found.size).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

/** Drops elements that are hidden by an attribute or their name; the pages here are well-formed. */
function withoutHidden(page: string): string {
  let text = '';
  const hidden: boolean[] = [];
  for (const [token, closing, name = ''] of page.matchAll(/<(\/?)(\w+)[^>]*>|[^<]+/g)) {
    if (name === '') text += hidden.some(Boolean) ? '' : token;
    else if (closing === '/') {
      hidden.pop();
      if (!hidden.some(Boolean)) text += token;
    } else {
      if (!hidden.some(Boolean)) text += token;
      hidden.push(token.includes(' hidden') || name === 'template' || name === 'dialog');
    }
  }
  return text;
}

describe('ING-25: what a page hides', () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    [
      'a paragraph',
      `${terms}<p hidden>secret</p><div style="display: none">also</div>`,
      ['nine days'],
      ['secret', 'also'],
    ],
    [
      'panels of tabs',
      `<button role="tab" aria-controls="b">Weekends</button><div id="b" hidden>Closed.</div><div role="tabpanel" style="display:none">Open on 3 June.</div>${terms}`,
      ['Weekends', 'Closed.', 'Open on 3 June'],
      [],
    ],
    [
      'answers that a button opens',
      `<h3><button aria-expanded="false">May I smoke?</button></h3><div hidden="until-found">No.</div><button class="accordion">Where?</button><div class="panel">In the yard.</div>`,
      ['May I smoke?', 'No.', 'Where?', 'In the yard.'],
      [],
    ],
    [
      'a dialog that a control opens, and one that none does',
      `${terms}<button commandfor="d" command="show-modal">Fees</button><dialog id="d">The fee is 8.</dialog><dialog>Cookies!</dialog>`,
      ['The fee is 8.'],
      ['Cookies'],
    ],
    [
      'all of it, until a script runs',
      `<div id="root" style="visibility:hidden">${terms}</div>`,
      ['nine days'],
      [],
    ],
    ['all of it, in noscript', `<div id="root"></div><noscript>${terms}</noscript>`, ['nine days'], []],
    [
      'all of it, in a shadow root',
      `<x-page><template shadowrootmode="open">${terms}</template></x-page>`,
      ['nine days'],
      [],
    ],
    [
      'details, closed',
      `<details><summary>How long?</summary><p>Eleven weeks.</p></details>`,
      ['How long?', 'Eleven weeks.'],
      [],
    ],
  ])('%s', (_name, inner, kept, left) => {
    const text = textOf(body(inner));
    for (const words of kept) expect(text).toContain(words);
    for (const words of left) expect(text).not.toContain(words);
  });

  test('a remark says that hidden text was read', () => {
    expect(read(`<body style="display:none">${terms}</body>`)[0]?.remark).toContain('hides it');
    expect(read(body(terms)).some(({ remark }) => remark !== undefined)).toBe(false);
  });

  test('what a summary or an opening button says is the heading of what it opens', () => {
    expect(
      read('<h2>Rent</h2><details><summary>When?</summary><p>On the first.</p></details>'),
    ).toMatchObject([
      { text: 'Rent', level: 2 },
      { text: 'When?', block: 'heading', level: 3 },
      { text: 'On the first.', block: 'paragraph' },
    ]);
  });
});

describe('ING-23: states', () => {
  test('ticks, choices and values are text', () => {
    const text = textOf(
      '<p><input type="checkbox" checked> Keys returned</p><p><input type=checkbox> Deposit paid</p><p><input type="radio" name=a> Post <input type=radio name=a checked> Courier</p><p><span role="switch" aria-checked="false">Alarm</span></p><select><option>S<option selected>XL</select><input value="Lot 71"><input type="hidden" value="token"><textarea>Ring twice</textarea>',
    );
    expect(text).toContain('[x] checked: Keys returned');
    expect(text).toContain('[ ] not checked: Deposit paid');
    expect(text).toContain('[ ] not chosen: Post [x] chosen: Courier');
    expect(text).toContain('[ ] not checked: Alarm');
    expect(text).toContain('XL Lot 71 Ring twice');
    expect(text).not.toContain('token');
  });

  test('what is struck out says so', () => {
    expect(textsOf('<p>The fee is <del>500</del> <ins>650</ins> francs, not <s>49</s>.</p>')).toEqual([
      'The fee is ~~500~~ 650 francs, not ~~49~~.',
    ]);
  });

  test('raised and lowered figures are not figures of the line', () => {
    expect(
      textsOf(
        '<p>134 794<sup>1</sup> people, 10<sup>-3</sup> m<sup>2</sup>, H<sub>2</sub>O, the 1<sup>st</sup>, v<sub>max</sub>, e<sup>x+y</sup>, twice<sup><a href="#n4">4</a></sup>, thrice<sup class="reference"><a href="#c">[7]</a></sup></p>',
      ),
    ).toEqual(['134 794¹ people, 10⁻³ m², H₂O, the 1st, v_max, e^{x+y}, twice[4], thrice[7]']);
  });
});

describe('ING-24: formulas', () => {
  test.each([
    [
      'presentation MathML',
      '<math><mi>A</mi><mo>=</mo><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>2</mn></mrow></mfrac><msqrt><mi>x</mi></msqrt></math>',
      '$A = \\frac{a}{b + 2}\\sqrt{x}$',
    ],
    [
      'an annotation',
      '<math><semantics><mi>x</mi><annotation encoding="application/x-tex">x_{1}</annotation></semantics></math>',
      '$x_{1}$',
    ],
    [
      'KaTeX',
      '<span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>E</mi></mrow><annotation encoding="application/x-tex">E=mc^2</annotation></semantics></math></span><span class="katex-html" aria-hidden="true"><span>E=mc2</span></span></span>',
      '$E=mc^2$',
    ],
    [
      'MathJax 2',
      '<span class="MathJax_Preview"></span><script type="math/tex">\\alpha</script>',
      '$\\alpha$',
    ],
    [
      'MathJax 3',
      '<mjx-container><mjx-math aria-hidden="true"><mjx-mi>z</mjx-mi></mjx-math><mjx-assistive-mml><math><mi>z</mi></math></mjx-assistive-mml></mjx-container>',
      '$z$',
    ],
    [
      'Wikipedia',
      '<span class="mwe-math-element"><span style="display: none;"><math alttext="{\\displaystyle v^{2}}"><mi>v</mi></math></span><img alt="{\\displaystyle v^{2}}" aria-hidden="true"></span>',
      '$v^{2}$',
    ],
  ])('%s', (_name, html, text) => {
    expect(textsOf(`<p>So ${html} holds.</p>`)).toEqual([`So ${text} holds.`]);
  });
});

describe('tables', () => {
  test('ING-22: spans in both directions, to the end of a group, and clipped at it', () => {
    const [table] = read(
      '<table><thead><tr><th>Zone<th>Weight<th>Price</thead><tbody><tr><td rowspan=0>Asia<td>1 kg<td>21<tr><td>5 kg<td>44<tbody><tr><td rowspan=9>Europe<td colspan=2>on request</tbody><tbody><tr><td>Africa<td>1 kg<td>30</table>',
    );
    expect(table?.text.split('\n')).toEqual([
      'Zone | Weight | Price',
      'Asia | 1 kg | 21',
      'Asia | 5 kg | 44',
      'Europe | on request | ',
      'Africa | 1 kg | 30',
    ]);
    expect(table?.headerRows).toBe(1);
  });

  test.each<[string, string, number]>([
    ['thead of two rows', '<table><thead><tr><th colspan=2>2030</thead><tr><td>1<td>2</table>', 1],
    ['names in the first column only', '<table><tr><th>Name<td>Ida<tr><th>Town<td>Bern</table>', 0],
    [
      'names on both sides',
      '<table><tr><td><th>2030<th>2031<tr><th>North<td>4<td>5<tr><th>South<td>6<td>7</table>',
      1,
    ],
    [
      'bold cells',
      '<table><tr><td><b>Town</b><td><b>Mayor</b><tr><td>Bern<td>Ida<tr><td>Chur<td>Ben</table>',
      1,
    ],
    ['plain words over figures', '<table><tr><td>Town<td>Fee<tr><td>Bern<td>12<tr><td>Chur<td>15</table>', 1],
    [
      'figures in the first row as in the others',
      '<table><tr><td>Bern<td>12<tr><td>Chur<td>15<tr><td>Olten<td>19</table>',
      0,
    ],
  ])('ING-27: header rows: %s', (_name, html, headerRows) => {
    expect(read(html).find(({ block }) => block === 'table')?.headerRows).toBe(headerRows);
  });

  test('a caption stands before its table, a foot after it', () => {
    const [caption, table] = read(
      '<table><caption>Fees of 2031</caption><tfoot><tr><td>Sum<td>27</tfoot><tr><th>Town<th>Fee<tr><td>Bern<td>12<tr><td>Chur<td>15</table>',
    );
    expect(caption?.text).toBe('Fees of 2031');
    expect(table?.text).toBe('Town | Fee\nBern | 12\nChur | 15\nSum | 27');
  });

  test('items and paragraphs of a cell stand apart, an inner table is read by rows', () => {
    expect(
      textOf(
        '<table><tr><th>Drug<th>Dose<tr><td>Alverin<td><ul><li>Adults: 60 mg<li>Children: 20 mg</ul><tr><td>Benzol<td><table><tr><td>Day<td>5 mg<tr><td>Night<td>2 mg</table></table>',
      ),
    ).toBe('Drug | Dose\nAlverin | Adults: 60 mg; Children: 20 mg\nBenzol | Day, 5 mg; Night, 2 mg');
  });

  test('what lays out a page is read as what it holds', () => {
    expect(
      read(
        '<table><tr><td><a href="/">Home</a></td><td><h1>Letter</h1><p>We move to Olten.</p><ul><li>Tyre: 19<li>Chain: 31</ul><table><tr><th>Model<th>Off<tr><td>Swift<td>12 %</table><pre>a = 1\nb = 2</pre></td></tr></table>',
      ).map(({ block }) => block),
    ).toEqual(['paragraph', 'heading', 'paragraph', 'list', 'table', 'code']);
    expect(read('<table><tr><td><h2>Box</h2><ul><li>One</ul></table>').map(({ block }) => block)).toEqual([
      'heading',
      'list',
    ]);
  });

  test('code beside the numbers of its lines is code', () => {
    const github =
      '<table><tr><td data-line-number="1"></td><td class="blob-code">if x:</td></tr><tr><td data-line-number="2"></td><td class="blob-code">    go()</td></tr></table>';
    expect(read(github)).toEqual([{ text: 'if x:\n    go()', block: 'code' }]);
    expect(
      read(
        '<table class="highlight"><tr><td><pre>1\n2</pre></td><td><pre>a: 1\nb: 2</pre></td></tr></table>',
      ),
    ).toEqual([{ text: 'a: 1\nb: 2', block: 'code' }]);
  });
});

describe('lists', () => {
  test('code and tables in items keep their lines, and the numbers go on', () => {
    expect(
      read(
        '<ol><li>Write:<pre>a:\n  b: 1</pre>then save.<li>Compare:<table><tr><th>Plan<th>Seats<tr><td>Small<td>3</table><li>Done.</ol>',
      ).map(({ text, block }) => [block, text]),
    ).toEqual([
      ['list', '1. Write:'],
      ['code', 'a:\n  b: 1'],
      ['list', '  then save.\n2. Compare:'],
      ['table', 'Plan | Seats\nSmall | 3'],
      ['list', '3. Done.'],
    ]);
  });

  test('numbers as the page gives them', () => {
    expect(textOf('<ol start=3><li>c<li value=7>g<li>h</ol>')).toBe('3. c\n7. g\n8. h');
    expect(textOf('<ol type=a><li>x<li>y<ol type=i><li>z</ol></ol>')).toBe('a. x\nb. y\n  i. z');
    expect(textOf('<ol reversed><li>x<li>y</ol>')).toBe('2. x\n1. y');
  });

  test('definitions with paragraphs and lists', () => {
    expect(
      textOf(
        '<dl><dt>Grace<dd><p>14 days.<ul><li>21 for schools</ul></dd><div><dt>Fine<dd>4 a day</div></dl>',
      ),
    ).toBe('- Grace\n  14 days.\n  - 21 for schools\n- Fine\n  4 a day');
  });
});

describe('links', () => {
  test('addresses of people and other sites are kept, those of the page and of link lists are not', () => {
    const words =
      'Whoever has seen something that is broken says so by the form on the same day, at the latest by six. '.repeat(
        3,
      );
    expect(
      textOf(
        body(
          `<p>${words} See the <a href="https://forms.example.org/i-71">form</a>, <a href="/x">page</a>, <a href="https://own.example/y">own</a> or <a href="mailto:ops@example.org">mail us</a>.</p>`,
          '<link rel="canonical" href="https://own.example/a">',
        ),
      ),
    ).toContain(
      'See the form, page, own or mail us (ops@example.org).\nform: https://forms.example.org/i-71',
    );
    const list = Array.from({ length: 9 }, (_, at) => `<li><a href="https://a${at}.example/">Site ${at}</a>`);
    expect(textOf(body(`<ul>${list.join('')}</ul>`))).not.toContain('https');
  });
});
