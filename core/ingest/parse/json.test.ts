import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../failure.ts';
import { parseJson, parseJsonLines } from './json.ts';

const textOf = (text: string) => [...parseJson(text)].map((draft) => draft.text).join('\n');
const remarkOf = (text: string) => [...parseJson(text)][0]?.remark;

describe('ING-28: values as they are written', () => {
  test('numbers keep their digits', () => {
    expect(
      textOf('{"id":12345678901234567890,"version":1.10,"sum":1000000.00,"big":1e400,"small":-0.0}'),
    ).toBe('id: 12345678901234567890\nversion: 1.10\nsum: 1000000.00\nbig: 1e400\nsmall: -0.0');
  });

  test('keys keep their order, and come as often as they are written', () => {
    expect(
      textOf('{"b":"x","10":"ten","9":"nine","limit":5,"limit":9,"__proto__":"p","constructor":"c"}'),
    ).toBe('b: x\n10: ten\n9: nine\nlimit: 5\nlimit: 9\n__proto__: p\nconstructor: c');
  });

  test('escapes are read, nothing and null are left out, false and zero are not', () => {
    expect(textOf('{"a":"caf\\u00e9\\n\\"x\\"","b":null,"c":"","d":false,"e":0}')).toBe(
      'a: café\n"x"\nd: false\ne: 0',
    );
  });

  test('any JSON: each string and number stands in the text as it was written', () => {
    const key = fc.stringMatching(/^[a-z]{1,8}$/);
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.stringMatching(/^[a-z]{1,10}$/),
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(value, (one) => {
        const text = textOf(JSON.stringify(one));
        const leaves: string[] = [];
        JSON.stringify(one, (_key, leaf) => {
          if (typeof leaf === 'string' || typeof leaf === 'number') leaves.push(String(leaf));
          return leaf;
        });
        for (const leaf of leaves) expect(text).toContain(leaf);
      }),
    );
  });
});

describe('records', () => {
  test('a list of records becomes lines that name their fields', () => {
    const [draft] = parseJson('[{"sku":"A-1","price":0.10,"tags":["a","b"]},{"sku":"B-2","size":{"w":4}}]');
    expect(draft?.text).toBe('sku: A-1 | price: 0.10 | tags: a, b\nsku: B-2 | size.w: 4');
    expect(draft?.block).toBe('table');
  });

  test('inside an object the list is introduced by its path', () => {
    expect(
      textOf('{"shop":"Bern","stock":{"parts":[{"sku":"A","n":1},{"sku":"B","n":2}]},"open":true}'),
    ).toBe('shop: Bern\nstock.parts\nsku: A | n: 1\nsku: B | n: 2\nopen: true');
  });

  test('JSON lines are records too', () => {
    expect(
      [...parseJsonLines('\uFEFF{"q":"colour","a":"ochre"}\r\n\r\n{"q":"seats","a":7.0}\r\n')].map(
        ({ text }) => text,
      ),
    ).toEqual(['q: colour | a: ochre\nq: seats | a: 7.0']);
  });
});

describe('what is nearly JSON is read, with a remark', () => {
  test.each([
    [
      'comments',
      '{\n // how\n "port": 8099, /* x */ "host": "a//b"\n}',
      'port: 8099\nhost: a//b',
      'comments',
    ],
    ['commas too many', '{"a":[1,2,],"b":3,}', 'a[0]: 1\na[1]: 2\nb: 3', 'commas'],
    ['other quotes and bare keys', "{a: 'it\\'s \"x\"', b: +.5}", 'a: it\'s "x"\nb: +.5', 'quotes'],
    ['several values', '{"a":"first"}\n{"a":"second"}\n', 'a: first\na: second', '2 JSON values'],
    ['values without white space', '[1][2]', '[0][0]: 1\n[1][0]: 2', '2 JSON values'],
  ])('%s', (_name, text, read, remark) => {
    expect(textOf(text)).toBe(read);
    expect(remarkOf(text)).toContain(remark);
  });

  test('JSON itself has no remark', () => {
    expect(remarkOf('{"a":[1,2],"b":{"c":[]},"d":"x"}')).toBeUndefined();
  });
});

test.each([
  ['{"a":', 'ends too early'],
  ['{"a" 1}', 'line 1'],
  ['{"a":1}}', '}'],
  ['[1 2]', '2'],
  ['{"a":\n\nhello}', 'line 3'],
  ['"open', 'line 1'],
])('%j is refused, and where', (text, where) => {
  try {
    textOf(text);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({
      details: { reason: 'malformed' },
      message: expect.stringContaining(where),
    });
  }
});

test('a line that is no JSON is named', () => {
  expect(() => [...parseJsonLines('{"a":1}\n{"a":\n')]).toThrow('Line 2');
});
