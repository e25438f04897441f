import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import type { Draft } from '../block.ts';
import { MAX_DEPTH } from '../limits.ts';
import { refuse } from '../refusal.ts';
import { parseHtml } from './html.ts';
import { markdownSlices } from './markdown-slices.ts';
import { frontMatterOf, plainMarkdown } from './markdown-source.ts';

/**
 * CommonMark with GitHub's extensions, read as the page that it makes: what is quoted from a block is what a reader of
 * that page sees, and HTML inside it is read as HTML wherever it stands.
 */
export function* parseMarkdown(text: string): Iterable<Draft> {
  const { fields, title, body } = frontMatterOf(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'));
  refuseDeepMarks(body);
  if (title !== '') {
    const isNamed = /^(?:# |.+\n=+\s*$)/m.test(body);
    yield isNamed
      ? { text: `title: ${title}`, block: 'paragraph' }
      : { text: title, block: 'heading', level: 1 };
  }
  // A block each: what is quoted of one would else be quoted of all.
  for (const field of fields) yield { text: field, block: 'paragraph' };
  for (const slice of markdownSlices(plainMarkdown(body))) {
    yield* parseHtml(pageOf(slice), { whole: true });
  }
}

const pageOf = (markdown: string): string =>
  micromark(markdown, {
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml(), asTagsOrText(markdown)],
  });

/** micromark's time grows with the square of nesting, and `>>>>…` nests once a character. */
function refuseDeepMarks(text: string): void {
  if (new RegExp(`^[ \\t]*(?:>[ \\t]*|(?:[-+*]|\\d{1,9}[.)])[ \\t]+){${MAX_DEPTH},}`, 'm').test(text)) {
    throw refuse('too_deep', `Quotes or lists are nested deeper than ${MAX_DEPTH} levels.`);
  }
}

type Handle = NonNullable<NonNullable<ReturnType<typeof gfmHtml>['exit']>['htmlFlowData']>;

const known = new Set(
  'a abbr address article aside audio b bdi bdo big blockquote body br button caption center cite code col colgroup data dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map mark menu meta nav noscript object ol optgroup option output p param picture pre progress q rp rt ruby s samp script search section select small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr'.split(
    ' ',
  ),
);

/**
 * HTML goes through as it is; a placeholder that only looks like it ("run it with <file>") stays the text that its writer
 * meant. GitHub's filter of dangerous tags is not ours: nothing here is drawn.
 */
function asTagsOrText(source: string) {
  const isMarkup = (html: string): boolean => {
    const name = /^\s*<\/?([a-z][\w.-]*)/i.exec(html)?.[1];
    if (name === undefined) return true;
    return known.has(name.toLowerCase()) || /[\s/]/.test(html.trim()) || source.includes(`</${name}`);
  };
  const raw: Handle = function (token) {
    this.raw(this.encode(this.sliceSerialize(token)));
  };
  const text: Handle = function (token) {
    if (isMarkup(this.sliceSerialize(token))) this.setData('ignoreEncode', true);
  };
  const flow: Handle = function (token) {
    this.lineEndingIfNeeded();
    text.call(this, token);
  };
  return { enter: { htmlFlow: flow, htmlText: text }, exit: { htmlFlowData: raw, htmlTextData: raw } };
}
