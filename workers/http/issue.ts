/**
 * What a schema found wrong, in plain words. Zod's own sentences are grammar for programmers ("Too big: expected array
 * to have <=128 items"); an API error names the field and says what is expected there.
 */
export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  readonly keys?: readonly string[];
  /** Of a key of a record: what is wrong with it. */
  readonly issues?: readonly Issue[];
  /** Of a union: what each of its members found. */
  readonly errors?: readonly (readonly Issue[])[];
  readonly expected?: string;
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly inclusive?: boolean;
  readonly values?: readonly unknown[];
  readonly divisor?: number;
}

const keysOf = (issue: Issue): readonly PropertyKey[] =>
  (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));

/** `tools[0].filters`: how the field reads in the request that was sent. */
export function pathOf(issue: Issue): string {
  const keys = [...keysOf(issue)];
  if (issue.code === 'unrecognized_keys' && issue.keys?.[0] !== undefined) keys.push(issue.keys[0]);
  return keys.reduce<string>(
    (path, key) =>
      typeof key === 'number' ? `${path}[${key}]` : path === '' ? String(key) : `${path}.${String(key)}`,
    '',
  );
}

/** Fields by which a union is told apart: a member that fails there was not meant. */
const tags: ReadonlySet<unknown> = new Set(['type', 'role']);

/**
 * The issue to report. Of a union, it is one of the member that was meant: not one that wants another type
 * altogether or another tag, and of the others the one that misses least.
 */
export function clearest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.errors === undefined || issue.errors.length === 0) return issue;
  const meant = issue.errors
    .filter((found) => found.length > 0)
    .filter(
      (found) =>
        !found.some((one) => keysOf(one).length === 0 && one.code !== 'unrecognized_keys' && !isLimit(one)),
    )
    .filter((found) => !found.some((one) => keysOf(one).length === 1 && tags.has(keysOf(one)[0])))
    .toSorted((a, b) => a.length - b.length);
  const [inner] = meant[0] ?? [];
  if (inner === undefined) return issue;
  return clearest({ ...inner, path: [...(issue.path ?? []), ...(inner.path ?? [])] });
}

const isLimit = ({ code }: Issue): boolean => code === 'too_big' || code === 'too_small' || code === 'custom';

const nouns: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const units: Readonly<Record<string, string>> = { string: 'characters', array: 'items', set: 'items' };

/** What is expected, as the end of a sentence: "expected a text". */
export function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return isOwn(issue) ?? `expected ${nouns[issue.expected ?? ''] ?? issue.expected ?? 'another value'}`;
    case 'too_big':
      return isOwn(issue) ?? `expected at most ${amount(issue, issue.maximum)}`;
    case 'too_small':
      return (
        isOwn(issue) ??
        `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${amount(issue, issue.minimum)}`
      );
    case 'invalid_value':
      return isOwn(issue) ?? `expected ${alternatives(issue.values ?? [])}`;
    case 'not_multiple_of':
      return `expected a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return isOwn(issue) ?? unionOf(issue);
    case 'invalid_key': {
      const [inner] = issue.issues ?? [];
      return inner === undefined
        ? 'expected other keys'
        : expectation(inner).replace(/^expected /, 'expected keys of ');
    }
    default:
      return isOwn(issue) ?? 'expected another value';
  }
}

/** A sentence that the schema itself brought. Zod's begin with one of these. */
const isOwn = ({ message }: Issue): string | null =>
  /^(Invalid|Too (big|small)|Unrecognized)\b/.test(message) ? null : message;

const amount = (issue: Issue, bound: number | bigint | undefined): string => {
  const unit = units[issue.origin ?? ''];
  const text = String(bound);
  return unit === undefined ? text : `${text} ${bound === 1 ? unit.slice(0, -1) : unit}`;
};

const alternatives = (values: readonly unknown[]): string => {
  const said = values.map((value) => JSON.stringify(value));
  return said.length === 1 ? (said[0] ?? '') : `one of ${said.join(', ')}`;
};

/** No member was meant: then each says in a word what it would have been. */
function unionOf(issue: Issue): string {
  const said = (issue.errors ?? []).flatMap(([first]) =>
    first !== undefined && keysOf(first).length === 0 && first.code !== 'unrecognized_keys'
      ? [expectation(first).replace(/^expected /, '')]
      : first !== undefined && keysOf(first).length > 0
        ? ['an object']
        : [],
  );
  const words = [...new Set(said)];
  return words.length === 0 ? 'expected another value' : `expected ${words.join(' or ')}`;
}
