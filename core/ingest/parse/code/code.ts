import type { Draft } from '../../block.ts';
import { extensionOf } from '../../parser.ts';
import { type Declaration, declarationsOf } from './languages.ts';

/** A declaration that is open at a line. */
interface OpenSymbol {
  readonly heading: string;
  readonly indent: number;
  readonly isContainer: boolean;
}

/** Lines of a block: a table of constants of a million lines must not be one. */
const MAX_LINES = 400;

/**
 * Source code by its declarations: each class and function under a heading with its name, below that of what it stands in
 * ("retry.ts › class Client › send"), with the comment above it. What belongs to what is told by indentation, which people
 * and formatters of all languages write; a declaration is told by its line.
 */
export function* parseCode(text: string, filename: string): Iterable<Draft> {
  const declarations = declarationsOf(extensionOf(filename));
  const open: OpenSymbol[] = [];
  let lines: string[] = [];
  const flush = function* (): Iterable<Draft> {
    const code = lines.join('\n').replace(/^\n+|\s+$/g, '');
    lines = [];
    if (code.trim() !== '') yield { text: code, block: 'code' };
  };
  yield { text: filename, block: 'heading', level: 1 };
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const indent = indentOf(line);
    if (indent !== null) {
      const found = symbolIn(line, indent, declarations, open);
      const innermost = open.at(-1);
      const isEnd = /^\s*(?:[)}\]]|end\b|fi\b|done\b|\*\/|"""|''')/.test(line);
      if (
        found !== undefined ||
        (innermost !== undefined && indent <= innermost.indent && !isEnd && !isComment(line))
      ) {
        const above = found === undefined ? [] : takeComment(lines);
        yield* flush();
        while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
        if (found !== undefined) open.push(found);
        const heading = found?.heading ?? open.at(-1)?.heading ?? filename;
        yield { text: heading, block: 'heading', level: open.length + 1 };
        lines = above;
      }
    }
    lines.push(line);
    if (lines.length >= MAX_LINES) yield* flush();
  }
  yield* flush();
}

/** Columns before the first letter, a tab as four; null for an empty line. */
function indentOf(line: string): number | null {
  const [white = ''] = /^\s*/.exec(line) ?? [];
  return white.length === line.length ? null : white.replaceAll('\t', '    ').length;
}

function symbolIn(
  line: string,
  indent: number,
  declarations: readonly Declaration[],
  open: readonly OpenSymbol[],
): OpenSymbol | undefined {
  const around = open.findLast((one) => one.indent < indent);
  if (indent > 0 && around?.isContainer !== true) return undefined;
  const written = line.trim();
  for (const { kind, pattern, isContainer } of declarations) {
    const [whole, name] = pattern.exec(written) ?? [];
    if (whole === undefined || name === undefined) continue;
    const heading = isContainer === true ? containerName(written, name) : `${kind}${name}`;
    return { heading: heading.trim(), indent, isContainer: isContainer === true };
  }
  return undefined;
}

/** 'class Invoice' rather than 'Invoice': what kind of thing it is stands before its name. */
function containerName(line: string, name: string): string {
  if (name.includes(' ')) return name.replace(/\s+/g, ' ');
  const [, kind = ''] = new RegExp(`([\\w@]+)\\s+${name.replace(/[$]/g, '\\$&')}`).exec(line) ?? [];
  return `${kind} ${name}`;
}

const isComment = (line: string): boolean => /^\s*(?:\/\/|\/\*|\*|#|--|;|'|"""|@)/.test(line);

/** Comments and marks directly above a declaration are its own. */
function takeComment(lines: string[]): string[] {
  let from = lines.length;
  while (from > 0 && isComment(lines[from - 1] ?? '') && (lines[from - 1] ?? '').trim() !== '') from -= 1;
  return lines.splice(from);
}
