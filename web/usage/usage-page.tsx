import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useLocation, useSearch } from 'wouter';
import { Button } from '../design/button.tsx';
import { ago, count, dollars, duration } from '../design/format.ts';
import { Page } from '../design/page.tsx';
import { Bones, Empty, ErrorNote } from '../design/states.tsx';
import {
  listTraces,
  type RequestKind,
  readUsage,
  requestKinds,
  type TraceSummary,
  type Usage,
  type UsageGroup,
  usageGroups,
} from '../service/telemetry.ts';

const names: Readonly<Record<UsageGroup, string>> = {
  day: 'Day',
  model: 'Model',
  prompt_version: 'Prompt',
  stage: 'Stage',
  key: 'Key',
};

/** What it costs, and whether it is getting slower; below it the requests themselves. */
export default function UsagePage() {
  const [, navigate] = useLocation();
  const query = new URLSearchParams(useSearch());
  const group = usageGroups.find((one) => one === query.get('by')) ?? 'day';
  const kind = requestKinds.find((one) => one === query.get('show')) ?? 'answers';
  const look = (by: UsageGroup, show: RequestKind) =>
    navigate(`/usage?by=${by}&show=${show}`, { replace: true });
  const { data, isPending, error, refetch } = useQuery({
    queryKey: ['usage', group],
    queryFn: () => readUsage(group),
    placeholderData: (before) => before,
  });
  return (
    <Page title="Usage">
      <dl className="mb-8 flex gap-12">
        <Total name="Cost, last 30 days">{data === undefined ? null : dollars(data.total.cost_usd)}</Total>
        <Total name="Requests">{data === undefined ? null : count(data.total.requests)}</Total>
      </dl>
      <Choices
        label="Group by"
        choices={usageGroups}
        chosen={group}
        nameOf={(one) => names[one]}
        onChoose={(one) => look(one, kind)}
      />
      {error === null ? null : <ErrorNote error={error} onRetry={() => refetch()} />}
      {isPending ? <Bones rows={4} label="Loading the usage" /> : null}
      {data === undefined ? null : data.data.length === 0 ? (
        <Empty title="No usage yet">Ask a question to see its cost and time here.</Empty>
      ) : (
        <UsageTable name={names[group]} usage={data} />
      )}
      <Requests kind={kind} onKind={(one) => look(group, one)} />
    </Page>
  );
}

/** A few exclusive choices in a row. */
function Choices<Choice extends string>({
  label,
  choices,
  chosen,
  nameOf,
  onChoose,
}: {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly chosen: Choice;
  readonly nameOf: (choice: Choice) => string;
  readonly onChoose: (choice: Choice) => void;
}) {
  return (
    <fieldset aria-label={label} className="mb-2 -ml-2 flex flex-wrap">
      {choices.map((one) => (
        <Button
          key={one}
          weight="quiet"
          aria-pressed={one === chosen}
          className="aria-pressed:bg-held aria-pressed:text-ink"
          onClick={() => onChoose(one)}
        >
          {nameOf(one)}
        </Button>
      ))}
    </fieldset>
  );
}

function Total({ name, children }: { readonly name: string; readonly children: string | null }) {
  return (
    <div>
      <dt className="text-ink-soft">{name}</dt>
      <dd className="numbers mt-1 text-title font-semibold">
        {children === null ? <span className="bone my-2 block h-4 w-20" /> : children}
      </dd>
    </div>
  );
}

const head = 'h-8 pr-4 font-normal text-ink-soft last:pr-0';
const cell = 'numbers h-9 pr-4 text-right last:pr-0';

function UsageTable({ name, usage }: { readonly name: string; readonly usage: Usage }) {
  const most = Math.max(...usage.data.map((row) => Number(row.cost_usd)), Number.MIN_VALUE);
  return (
    <section
      aria-label={`Usage by ${name.toLowerCase()}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto"
    >
      <table className="w-full border-t border-line whitespace-nowrap">
        <thead>
          <tr className="border-b border-line">
            <th scope="col" className={`${head} text-left`}>
              {name}
            </th>
            <th scope="col" className={`${head} text-right`}>
              Cost
            </th>
            <td className="w-32 max-desk:hidden" />
            <th scope="col" className={`${head} text-right`}>
              Requests
            </th>
            <th scope="col" className={`${head} text-right`}>
              Tokens in
            </th>
            <th scope="col" className={`${head} text-right`}>
              Tokens out
            </th>
            <th scope="col" className={`${head} text-right`}>
              p50
            </th>
            <th scope="col" className={`${head} text-right`}>
              p95
            </th>
          </tr>
        </thead>
        <tbody>
          {usage.data.map((row) => (
            <tr key={row.group} className="border-b border-line">
              <th scope="row" className="h-9 max-w-72 truncate pr-4 text-left font-medium">
                {row.group ?? 'none'}
              </th>
              <td className={cell}>{dollars(row.cost_usd)}</td>
              <td className="pr-4 max-desk:hidden">
                <span aria-hidden="true" className="block h-1 overflow-hidden rounded-small bg-held">
                  <span
                    className="block h-full origin-left bg-indigo"
                    style={{ transform: `scaleX(${Number(row.cost_usd) / most})` }}
                  />
                </span>
              </td>
              <td className={cell}>{count(row.requests)}</td>
              <td className={cell}>{count(row.input_tokens)}</td>
              <td className={cell}>{count(row.output_tokens)}</td>
              <td className={cell}>{row.p50_ms === null ? '' : duration(row.p50_ms)}</td>
              <td className={cell}>{row.p95_ms === null ? '' : duration(row.p95_ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const kindNames: Readonly<Record<RequestKind, string>> = { answers: 'Answers', failed: 'Failed', all: 'All' };

function Requests({
  kind,
  onKind,
}: {
  readonly kind: RequestKind;
  readonly onKind: (kind: RequestKind) => void;
}) {
  const { data, isPending, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['traces', kind],
    queryFn: ({ pageParam }) => listTraces(kind, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const traces = data?.pages.flatMap((page) => page.traces) ?? [];
  return (
    <section aria-label="Requests" className="mt-10">
      <h2 className="mb-2 text-read font-semibold">Requests</h2>
      <Choices
        label="Requests to show"
        choices={requestKinds}
        chosen={kind}
        nameOf={(one) => kindNames[one]}
        onChoose={onKind}
      />
      {error === null ? null : <ErrorNote error={error} onRetry={() => refetch()} />}
      {isPending ? <Bones rows={6} label="Loading the requests" /> : null}
      <ul className="border-t border-line empty:hidden">
        {traces.map((trace) => (
          <TraceRow key={trace.trace_id} trace={trace} />
        ))}
      </ul>
      {data !== undefined && traces.length === 0 ? (
        <p className="text-body text-ink-soft">No matching requests yet.</p>
      ) : null}
      {hasNextPage ? (
        <Button className="mt-4" onClick={() => fetchNextPage()}>
          Show more
        </Button>
      ) : null}
    </section>
  );
}

const TraceRow = ({ trace }: { readonly trace: TraceSummary }) => (
  <li className="border-b border-line [content-visibility:auto] [contain-intrinsic-size:auto_36px]">
    <Link
      href={`/traces/${trace.trace_id}`}
      className="flex h-9 items-center gap-4 hover:bg-sunk max-desk:h-12"
    >
      <span className={`numbers w-8 ${trace.status < 400 ? 'text-ink-faint' : 'text-bad'}`}>
        {trace.status}
      </span>
      <span className="min-w-0 flex-1 truncate font-mono text-small">{trace.route}</span>
      <span className="numbers w-20 text-right">{duration(trace.duration_ms)}</span>
      <span className="numbers w-20 text-right max-desk:hidden">{dollars(trace.cost_usd)}</span>
      <span className="numbers w-24 text-right text-ink-faint">{ago(trace.started_at)}</span>
    </Link>
  </li>
);
