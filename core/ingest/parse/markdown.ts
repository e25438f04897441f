import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Draft } from '../block.ts';
import { MAX_DEPTH } from '../limits.ts';
import { refuse } from '../refusal.ts';
import { parseHtml } from './html.ts';
import { markdownSlices } from './markdown-slices.ts';
import { tableBlocks } from './table.ts';

type Node = ReturnType<typeof fromMarkdown> | ReturnType<typeof fromMarkdown>['children'][number];

/**
 * CommonMark with GitHub's tables. Marks are dropped and words stay: what is quoted from a block is what a
 * reader of the rendered page sees.
 */
export function* parseMarkdown(text: string): Iterable<Draft> {
  const body = withoutFrontMatter(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'));
  refuseDeepMarks(body);
  for (const slice of markdownSlices(body)) {
    yield* blocksOf(fromMarkdown(slice, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
  }
}

/** Lines between two `---` that read as YAML; else the first one is a rule, and what follows is text. */
function withoutFrontMatter(text: string): string {
  const [whole, lines] = /^---\n((?:.*\n)*?)---[^\S\n]*(?:\n|$)/.exec(text) ?? [];
  if (whole === undefined || lines === undefined) return text;
  const isYaml = lines.split('\n').every((line) => /^(?:[\w."'-]+\s*:|\s|-\s|#|[\]}]|$)/.test(line));
  return isYaml ? text.slice(whole.length) : text;
}

/** micromark's time grows with the square of nesting, and `>>>>…` nests once a character. */
function refuseDeepMarks(text: string): void {
  if (new RegExp(`^[ \\t]*(?:>[ \\t]*|(?:[-+*]|\\d{1,9}[.)])[ \\t]+){${MAX_DEPTH},}`, 'm').test(text)) {
    throw refuse('too_deep', `Quotes or lists are nested deeper than ${MAX_DEPTH} levels.`);
  }
}

function* blocksOf(node: Node): Iterable<Draft> {
  switch (node.type) {
    case 'root':
    case 'blockquote':
    case 'footnoteDefinition':
      for (const child of node.children) yield* blocksOf(child);
      break;
    case 'heading':
      yield { text: wordsOf(node), block: 'heading', level: node.depth };
      break;
    case 'paragraph':
      yield { text: wordsOf(node), block: 'paragraph' };
      break;
    case 'list':
      yield { text: listText(node, 0), block: 'list' };
      break;
    case 'code':
      yield { text: node.value, block: 'code' };
      break;
    case 'html':
      yield* parseHtml(node.value);
      break;
    case 'table': {
      const rows = node.children.map((row) => row.children.map((cell) => wordsOf(cell).trim()));
      yield* tableBlocks({ rows, headerRows: 1 });
      break;
    }
    default:
      break;
  }
}

function listText(list: Extract<Node, { type: 'list' }>, depth: number): string {
  const indent = '  '.repeat(depth);
  return list.children
    .map((item, index) => {
      const mark = list.ordered ? `${(list.start ?? 1) + index}.` : '-';
      const parts = item.children.map((child) =>
        child.type === 'list'
          ? listText(child, depth + 1)
          : [...blocksOf(child)].map((block) => block.text).join('\n'),
      );
      return `${indent}${mark} ${parts.join('\n')}`;
    })
    .join('\n');
}

function wordsOf(node: unknown): string {
  const { type, value, alt, children } = node as {
    type: string;
    value?: string;
    alt?: string | null;
    children?: readonly unknown[];
  };
  if (type === 'break') return '\n';
  if (type === 'html') return '';
  if (value !== undefined) return type === 'text' ? value.replace(/\s*\n\s*/g, ' ') : value;
  if (type === 'image') return alt ?? '';
  return (children ?? []).map(wordsOf).join('');
}
