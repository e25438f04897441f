import type { Nodes, Parents } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { Fragment, type ReactNode, useMemo } from 'react';
import type { Citation } from '../service/answers.ts';
import { distinct, pieces, withoutPlaceholders, withPlaceholders } from './citations.ts';

interface Props {
  readonly text: string;
  readonly citations: readonly Citation[];
  /** The number of the citation whose passage is on view; null for none. */
  readonly chosen: number | null;
  readonly onCite: (number: number) => void;
}

interface Rendering extends Omit<Props, 'text'> {
  readonly passages: readonly Citation[];
}

/**
 * An answer's Markdown, with its citations as buttons. What a model or a document wrote is text to us: HTML is
 * shown and not run, an image is not fetched (its address could carry the conversation away), and a link goes
 * to the web or nowhere.
 */
export default function AnswerText({ text, citations, chosen, onCite }: Props) {
  const tree = useMemo(
    () =>
      fromMarkdown(withPlaceholders(text, citations), {
        extensions: [gfm()],
        mdastExtensions: [gfmFromMarkdown()],
      }),
    [text, citations],
  );
  const passages = useMemo(() => distinct(citations), [citations]);
  return <>{children(tree, { citations, passages, chosen, onCite })}</>;
}

const children = (node: Parents, rendering: Rendering): ReactNode =>
  // biome-ignore lint/suspicious/noArrayIndexKey: the tree is rebuilt with every delta, its order is its identity
  node.children.map((child, position) => <Fragment key={position}>{shown(child, rendering)}</Fragment>);

function shown(node: Nodes, rendering: Rendering): ReactNode {
  switch (node.type) {
    case 'text':
      return withCitations(node.value, rendering);
    case 'paragraph':
      return <p className="my-3 first:mt-0 last:mb-0">{children(node, rendering)}</p>;
    case 'heading':
      return <p className="mt-5 mb-2 font-semibold first:mt-0">{children(node, rendering)}</p>;
    case 'strong':
      return <strong className="font-semibold">{children(node, rendering)}</strong>;
    case 'emphasis':
      return <em>{children(node, rendering)}</em>;
    case 'delete':
      return <del>{children(node, rendering)}</del>;
    case 'inlineCode':
      return (
        <code className="rounded-small bg-held px-1 font-mono text-body">
          {withoutPlaceholders(node.value)}
        </code>
      );
    case 'code':
      return (
        <pre className="my-3 overflow-x-auto rounded-box bg-sunk p-3 font-mono text-base">
          {withoutPlaceholders(node.value)}
        </pre>
      );
    case 'list':
      return node.ordered === true ? (
        <ol start={node.start ?? 1} className="my-3 list-decimal space-y-1 pl-6">
          {children(node, rendering)}
        </ol>
      ) : (
        <ul className="my-3 list-disc space-y-1 pl-5">{children(node, rendering)}</ul>
      );
    case 'listItem':
      return <li>{children(node, rendering)}</li>;
    case 'blockquote':
      return (
        <blockquote className="my-3 border-l border-line-strong pl-4">{children(node, rendering)}</blockquote>
      );
    case 'table':
      return (
        <div className="my-3 overflow-x-auto">
          <table className="text-body">
            <tbody>{children(node, rendering)}</tbody>
          </table>
        </div>
      );
    case 'tableRow':
      return <tr className="border-b border-line first:font-semibold">{children(node, rendering)}</tr>;
    case 'tableCell':
      return <td className="py-1 pr-6 align-top">{children(node, rendering)}</td>;
    case 'link':
      return /^https?:/i.test(node.url) ? (
        <a
          href={node.url}
          rel="noreferrer"
          target="_blank"
          className="text-indigo underline underline-offset-2"
        >
          {children(node, rendering)}
        </a>
      ) : (
        children(node, rendering)
      );
    case 'image':
      return node.alt ?? '';
    case 'html':
      return withCitations(node.value, rendering);
    case 'break':
      return <br />;
    case 'thematicBreak':
      return <hr className="my-4 border-line" />;
    default:
      return 'children' in node ? children(node, rendering) : null;
  }
}

function withCitations(text: string, rendering: Rendering): ReactNode {
  return pieces(text).map((piece, position) =>
    piece.kind === 'text' ? (
      piece.text
    ) : (
      <CitationButton
        // biome-ignore lint/suspicious/noArrayIndexKey: see `children`
        key={position}
        number={piece.number}
        citation={rendering.passages[piece.number - 1]}
        chosen={rendering.chosen === piece.number}
        onCite={rendering.onCite}
      />
    ),
  );
}

function CitationButton({
  number,
  citation,
  chosen,
  onCite,
}: {
  readonly number: number;
  readonly citation: Citation | undefined;
  readonly chosen: boolean;
  readonly onCite: (number: number) => void;
}) {
  if (citation === undefined) return null;
  return (
    <button
      type="button"
      aria-label={`Citation ${number}: ${citation.filename}`}
      aria-pressed={chosen}
      data-thread={chosen ? 'from' : undefined}
      title={citation.quote}
      onClick={() => onCite(number)}
      className="numbers ml-1 inline-block min-w-5 rounded-small border-b-2 border-thread px-1 text-center align-[2px] text-small leading-5 font-medium text-ink-soft hover:bg-thread-wash hover:text-ink aria-pressed:bg-thread-wash aria-pressed:text-thread"
    >
      {number}
    </button>
  );
}
