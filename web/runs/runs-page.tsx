import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Button } from '../design/button.tsx';
import { ago } from '../design/format.ts';
import { Page } from '../design/page.tsx';
import { Bones, Empty, ErrorNote } from '../design/states.tsx';
import { listRuns } from '../service/agents.ts';
import { statusWords } from './status.ts';

/** What agents did and do, newest first. */
export default function RunsPage() {
  const { data, isPending, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['runs'],
    queryFn: ({ pageParam }) => listRuns(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const runs = data?.pages.flatMap((page) => page.runs) ?? [];
  return (
    <Page title="Runs">
      {error === null ? null : <ErrorNote error={error} onRetry={() => refetch()} />}
      {isPending ? <Bones rows={6} label="Loading the runs" /> : null}
      {data !== undefined && runs.length === 0 ? (
        <Empty
          title="No agent has run yet"
          action={
            <Link href="/inbox" className="text-indigo underline underline-offset-2">
              Try the example in the inbox
            </Link>
          }
        >
          Each run is listed here with its steps, its effects and who decided.
        </Empty>
      ) : null}
      <ul className="border-t border-line empty:hidden">
        {runs.map(({ id, agent, status, step, created_at }) => (
          <li
            key={id}
            className="border-b border-line [contain-intrinsic-size:auto_36px] [content-visibility:auto]"
          >
            <Link href={`/runs/${id}`} className="flex h-9 items-center gap-4 hover:bg-sunk max-desk:h-12">
              <span className="min-w-0 flex-1 truncate font-medium">{agent}</span>
              <span className="numbers text-ink-faint max-desk:hidden">step {step}</span>
              <span className={`w-36 max-desk:w-auto ${statusWords[status].colour}`}>
                {statusWords[status].word}
              </span>
              <span className="numbers w-24 text-right text-ink-faint">{ago(created_at)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {hasNextPage ? (
        <Button className="mt-4" onClick={() => fetchNextPage()}>
          Show more
        </Button>
      ) : null}
    </Page>
  );
}
