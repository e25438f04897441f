import { errorMessage } from '../../error-message.ts';
import type { Draft } from '../block.ts';
import { MAX_DEPTH } from '../limits.ts';
import { refuse } from '../refusal.ts';
import { refuseCrowd } from './crowd.ts';

/** Characters a block: about one passage of the default size. */
const BLOCK_LENGTH = 1_400;

/** Every leaf becomes a line `path: value`; the members of the outermost list or object stay together. */
export function* parseJson(text: string): Iterable<Draft> {
  const value = read(text, '');
  if (value === null || typeof value !== 'object') {
    yield { text: String(value), block: 'paragraph' };
    return;
  }
  yield* blocksOf(
    Object.entries(value).map(([key, member]) => [Array.isArray(value) ? `[${key}]` : key, member]),
  );
}

/** One JSON value a line; the line's number is the path's first part. */
export function parseJsonLines(text: string): Iterable<Draft> {
  refuseCrowd(text, '\n', 'lines');
  const lines = text.split('\n').map((line, index) => [index + 1, line.trim()] as const);
  const values = lines
    .filter(([, line]) => line !== '')
    .map(([number, line]): [string, unknown] => [`[${number - 1}]`, read(line, ` in line ${number}`)]);
  return blocksOf(values);
}

function read(text: string, where: string): unknown {
  refuseCrowd(text, '[{,', 'values');
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw refuse('malformed', `The JSON is not valid${where}: ${errorMessage(cause)}`, cause);
  }
}

function* blocksOf(members: Iterable<readonly [string, unknown]>): Iterable<Draft> {
  let lines: string[] = [];
  let length = 0;
  const flush = function* (): Iterable<Draft> {
    if (lines.length > 0) yield { text: lines.join('\n'), block: 'paragraph' };
    lines = [];
    length = 0;
  };
  for (const [path, member] of members) {
    const own = [...linesOf(path, member, 0)];
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

function* linesOf(path: string, value: unknown, depth: number): Iterable<string> {
  if (depth > MAX_DEPTH) throw refuse('too_deep', `The JSON is nested deeper than ${MAX_DEPTH} levels.`);
  if (value === null || value === '') return;
  if (typeof value !== 'object') {
    yield `${path}: ${String(value)}`;
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, member] of value.entries()) yield* linesOf(`${path}[${index}]`, member, depth + 1);
    return;
  }
  for (const [key, member] of Object.entries(value)) yield* linesOf(`${path}.${key}`, member, depth + 1);
}
