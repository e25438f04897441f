import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { atMoment, dollars, duration } from '../design/format.ts';
import { Page } from '../design/page.tsx';
import { Bones, Copyable, ErrorNote } from '../design/states.tsx';
import { readTrace, type Span } from '../service/telemetry.ts';

/** Where the time and the money of one request went. */
export default function TracePage({ id }: { readonly id: string }) {
  const { data, error, refetch } = useQuery({ queryKey: ['trace', id], queryFn: () => readTrace(id) });
  const [chosen, setChosen] = useState<string | null>(null);
  if (error !== null) {
    return (
      <Page title="Trace">
        <ErrorNote error={error} onRetry={() => refetch()} />
      </Page>
    );
  }
  if (data === undefined) {
    return (
      <Page title="Trace">
        <Bones rows={8} label="Loading the trace" />
      </Page>
    );
  }
  const began = new Date(data.started_at).getTime();
  return (
    <Page title={data.route} actions={<Copyable text={id} label="Copy trace id" />}>
      <div className="numbers -mt-4 mb-8 flex flex-wrap gap-x-4 text-body text-ink-soft">
        <span className={data.status < 400 ? '' : 'text-bad'}>status {data.status}</span>
        <span>{atMoment(data.started_at)}</span>
        <span>{duration(data.duration_ms)}</span>
        <span>{dollars(data.cost_usd)}</span>
        {data.prompt_version == null ? null : <span>{data.prompt_version}</span>}
      </div>
      {data.error == null ? null : <ErrorNote error={new Error(data.error)} />}
      <ul aria-label="Spans" className="border-t border-line">
        {inOrder(data.spans).map(({ span, depth }) => (
          <li key={span.span_id} className="border-b border-line">
            <button
              type="button"
              aria-expanded={chosen === span.span_id}
              onClick={() => setChosen(chosen === span.span_id ? null : span.span_id)}
              className="grid h-9 w-full grid-cols-[minmax(0,2fr)_minmax(0,3fr)_80px] items-center gap-4 text-left hover:bg-sunk max-desk:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_64px]"
            >
              <span
                className={`truncate ${span.error == null ? '' : 'text-bad'}`}
                style={{ paddingLeft: depth * 16 }}
              >
                {span.name}
              </span>
              <Bar
                from={(new Date(span.started_at).getTime() - began) / Math.max(1, data.duration_ms)}
                share={span.duration_ms / Math.max(1, data.duration_ms)}
              />
              <span className="numbers text-right">{duration(span.duration_ms)}</span>
            </button>
            {chosen === span.span_id ? <Details span={span} /> : null}
          </li>
        ))}
      </ul>
    </Page>
  );
}

const Bar = ({ from, share }: { readonly from: number; readonly share: number }) => (
  <span aria-hidden="true" className="relative h-2">
    <span
      className="absolute inset-y-0 min-w-[2px] rounded-small bg-indigo"
      style={{ left: `${Math.min(99, from * 100)}%`, width: `${Math.min(100, share * 100)}%` }}
    />
  </span>
);

function Details({ span }: { readonly span: Span }) {
  const facts: readonly (readonly [string, string])[] = [
    ...(span.error == null ? [] : ([['error', span.error]] as const)),
    ...(span.model == null ? [] : ([['model', span.model]] as const)),
    ['cost', dollars(span.cost_usd)],
    ...Object.entries(span.attributes).map(([name, value]) => [name, String(value)] as const),
  ];
  return (
    <dl className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-x-4 gap-y-1 bg-sunk px-4 py-3 font-mono text-small">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-soft [overflow-wrap:anywhere]">{name}</dt>
          <dd className="[overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface Placed {
  readonly span: Span;
  readonly depth: number;
}

/** Parents before their children, children by when they began; a span whose parent is missing is a root. */
function inOrder(spans: readonly Span[]): readonly Placed[] {
  const known = new Set(spans.map(({ span_id }) => span_id));
  const below = (parent: string | null, depth: number): readonly Placed[] =>
    spans
      .filter(
        (span) => (span.parent_id !== null && known.has(span.parent_id) ? span.parent_id : null) === parent,
      )
      .toSorted((a, b) => a.started_at.localeCompare(b.started_at))
      .flatMap((span) => [{ span, depth }, ...below(span.span_id, depth + 1)]);
  return below(null, 0);
}
