import type { Draft } from '../block.ts';
import { MAX_DEPTH } from '../limits.ts';
import { refuse } from '../refusal.ts';
import { remarkedFirst } from '../remark.ts';
import { refuseCrowd } from './crowd.ts';
import { type JsonToken, JsonTokens } from './json-tokens.ts';
import { tableBlocks } from './table.ts';

/**
 *  ING-28 Numbers and keys stay as they are written, in their order, also where a key comes twice.
 */

/** Characters a block: about one passage of the default size. */
const BLOCK_LENGTH = 1_400;

/** A list is written as records if so many of its members are objects of plain values. */
const MIN_RECORDS = 2;

type Value = string | List | Members;
interface List {
  readonly list: readonly Value[];
}
interface Members {
  readonly members: readonly (readonly [key: string, value: Value])[];
}

/**
 * One value, or several after another (JSON lines under another name, a stream of objects), with comments and commas
 * too many. Every leaf becomes a line "path: value"; a list of records becomes records with named fields.
 */
export function* parseJson(text: string): Iterable<Draft> {
  refuseCrowd(text, '[{,', 'values');
  const tokens = new JsonTokens(text);
  const values: Value[] = [];
  for (let token = tokens.next(); token.kind !== 'end'; token = tokens.next()) {
    // A comma between two documents, as streams of objects have it.
    if (token.kind === ',' && values.length > 0) tokens.isLenient = true;
    else values.push(read(tokens, token, 0));
  }
  const [only] = values;
  if (only === undefined) return;
  const several = values.length > 1;
  const remarks = [
    ...(tokens.isLenient ? ['Read with comments, or commas or quotes that JSON does not have.'] : []),
    ...(several ? [`Read as ${values.length} JSON values, one after the other.`] : []),
  ];
  yield* remarkedFirst(several ? listed('', values) : valueBlocks('', only), remarks.join(' '));
}

/** One JSON value a line; a line that is none refuses the document by its number. */
export function* parseJsonLines(text: string): Iterable<Draft> {
  refuseCrowd(text, '\n', 'lines');
  refuseCrowd(text, '[{,', 'values');
  const values: Value[] = [];
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line.trim() === '' || line.trim() === '\uFEFF') continue;
    const tokens = new JsonTokens(line);
    try {
      values.push(read(tokens, tokens.next(), 0));
      const rest = tokens.next();
      if (rest.kind !== 'end') throw tokens.unexpected(rest.at);
    } catch (cause) {
      // Values that go over several lines are JSON all the same.
      if (values.length === 0 && /^\s*[[{]\s*$/.test(line)) {
        yield* parseJson(text);
        return;
      }
      const message = cause instanceof Error ? cause.message.replace(/line \d+, /, '') : '';
      throw refuse('malformed', `Line ${number} of the JSON lines cannot be read. ${message}`, cause);
    }
  }
  yield* listed('', values);
}

function read(tokens: JsonTokens, token: JsonToken, depth: number): Value {
  if (depth > MAX_DEPTH) throw refuse('too_deep', `The JSON is nested deeper than ${MAX_DEPTH} levels.`);
  switch (token.kind) {
    case 'string':
      return token.text;
    case 'literal':
      if (!isLiteral(token.text)) throw tokens.unexpected(token.at);
      return token.text === 'null' ? '' : token.text;
    case '[': {
      const list: Value[] = [];
      for (let next = tokens.next(); next.kind !== ']'; next = tokens.next()) {
        list.push(read(tokens, next, depth + 1));
        const after = tokens.next();
        if (after.kind === ']') return { list };
        if (after.kind !== ',') throw tokens.unexpected(after.at);
        tokens.isLenient ||= tokens.closesNext();
      }
      return { list };
    }
    case '{': {
      const members: [string, Value][] = [];
      for (let next = tokens.next(); next.kind !== '}'; next = tokens.next()) {
        if (next.kind !== 'string' && next.kind !== 'literal') throw tokens.unexpected(next.at);
        if (next.kind === 'literal') tokens.isLenient = true;
        const colon = tokens.next();
        if (colon.kind !== ':') throw tokens.unexpected(colon.at);
        members.push([next.text, read(tokens, tokens.next(), depth + 1)]);
        const after = tokens.next();
        if (after.kind === '}') break;
        if (after.kind !== ',') throw tokens.unexpected(after.at);
        tokens.isLenient ||= tokens.closesNext();
      }
      return { members };
    }
    default:
      throw tokens.unexpected(token.at);
  }
}

/** Numbers as JSON, JSON5 and Python write them; the words. */
const isLiteral = (text: string): boolean =>
  /^(?:true|false|null|NaN|[-+]?Infinity|[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?0[xX][\da-fA-F]+)$/.test(
    text,
  );

function* valueBlocks(path: string, value: Value): Iterable<Draft> {
  if (typeof value === 'string') {
    if (value !== '') yield { text: path === '' ? value : `${path}: ${value}`, block: 'paragraph' };
  } else if ('list' in value) yield* listed(path, value.list);
  else {
    let plain: (readonly [string, Value])[] = [];
    for (const [key, member] of value.members) {
      const name = path === '' ? key : `${path}.${key}`;
      if (!holdsRecords(member)) {
        plain.push([name, member]);
        continue;
      }
      yield* lineBlocks(plain);
      plain = [];
      yield* valueBlocks(name, member);
    }
    yield* lineBlocks(plain);
  }
}

const holdsRecords = (value: Value): boolean =>
  typeof value !== 'string' &&
  ('list' in value ? areRecords(value.list) : value.members.some(([, member]) => holdsRecords(member)));

function* listed(path: string, list: readonly Value[]): Iterable<Draft> {
  if (areRecords(list)) {
    if (path !== '') yield { text: path, block: 'paragraph' };
    yield* records(list);
  } else yield* lineBlocks(list.map((member, at) => [`${path}[${at}]`, member] as const));
}

const isRecord = (value: Value): value is Members =>
  typeof value !== 'string' &&
  'members' in value &&
  value.members.length > 0 &&
  new Set(value.members.map(([key]) => key)).size === value.members.length;

/** Objects that share most of their keys, each of which says something by itself. */
function areRecords(list: readonly Value[]): list is readonly Members[] {
  if (list.length < MIN_RECORDS || !list.every(isRecord)) return false;
  const counts = new Map<string, number>();
  for (const { members } of list as readonly Members[]) {
    for (const [key] of members) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const shared = [...counts.values()].filter((count) => count >= list.length / 2).length;
  return shared > 0 && shared >= counts.size / 3;
}

/** Lines that name their fields, in the order of each record: the columns of a table in the order in which keys first come. */
function* records(list: readonly Members[]): Iterable<Draft> {
  const columns = new Set<string>();
  for (const { members } of list) {
    for (const [key, value] of members) for (const [name] of fieldsOf(key, value)) columns.add(name);
  }
  if (columns.size > MAX_COLUMNS) {
    yield* lineBlocks(list.map((member, at) => [`[${at}]`, member] as const));
    return;
  }
  const names = [...columns];
  for (let from = 0; from < list.length; from += BATCH) {
    const rows = list.slice(from, from + BATCH).map(({ members }) => {
      const fields = new Map(members.flatMap(([key, value]) => fieldsOf(key, value)));
      return names.map((name) => fields.get(name) ?? '');
    });
    yield* tableBlocks({ rows: [names, ...rows], headerRows: 1, records: true });
  }
}

/** Records that are a table at once: a million of them must not be held twice. */
const BATCH = 1_000;

/** More are no columns: every record has keys of its own. */
const MAX_COLUMNS = 200;

/** Plain lists stay together in one field; what is nested gets its path. */
function fieldsOf(key: string, value: Value): [string, string][] {
  if (typeof value === 'string') return [[key, value]];
  if ('list' in value) {
    return value.list.every((one) => typeof one === 'string')
      ? [[key, value.list.filter((one) => one !== '').join(', ')]]
      : value.list.flatMap((one, at) => fieldsOf(`${key}[${at}]`, one));
  }
  return value.members.flatMap(([inner, one]) => fieldsOf(`${key}.${inner}`, one));
}

/** Lines in blocks; those of one member stay together where they fit. */
function* lineBlocks(members: Iterable<readonly [string, Value]>): Iterable<Draft> {
  let lines: string[] = [];
  let length = 0;
  const flush = function* (): Iterable<Draft> {
    if (lines.length > 0) yield { text: lines.join('\n'), block: 'paragraph' };
    lines = [];
    length = 0;
  };
  for (const [path, member] of members) {
    const own = [...linesOf(path, member)];
    const ownLength = own.reduce((sum, line) => sum + line.length + 1, 0);
    if (length + ownLength > BLOCK_LENGTH) yield* flush();
    for (const line of own) {
      if (length > 0 && length + line.length > BLOCK_LENGTH) yield* flush();
      lines.push(line);
      length += line.length + 1;
    }
  }
  yield* flush();
}

function* linesOf(path: string, value: Value): Iterable<string> {
  if (value === '') return;
  if (typeof value === 'string') yield `${path}: ${value}`;
  else if ('list' in value) {
    for (const [at, member] of value.list.entries()) yield* linesOf(`${path}[${at}]`, member);
  } else {
    for (const [key, member] of value.members) yield* linesOf(path === '' ? key : `${path}.${key}`, member);
  }
}
