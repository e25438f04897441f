import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { Button } from '../design/button.tsx';
import { ago, count } from '../design/format.ts';
import { Bones, Empty, ErrorNote } from '../design/states.tsx';
import {
  type InboxOrder,
  type Interrupt,
  listInterrupts,
  readInterrupt,
  startRun,
} from '../service/agents.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import { useDesk } from '../shell/viewport.ts';
import { Decision, titleOf } from './decision.tsx';

/** How often an open inbox looks for what waits next. */
const POLL_MS = 4000;

/**
 * What waits for a person: the list left, one decision right; on a phone one after the other. The item that is open is
 * the one that the address names (AGT-31): the list may move, what is open does not.
 */
export default function InboxPage() {
  const desk = useDesk();
  const [, navigate] = useLocation();
  const named = new URLSearchParams(useSearch()).get('interrupt');
  const [order, setOrder] = useState<InboxOrder>('desc');
  const { data, isPending, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['interrupts', 'list', order],
    queryFn: ({ pageParam }) => listInterrupts(order, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
    refetchInterval: POLL_MS,
  });
  const waiting = data?.pages.flatMap((page) => page.interrupts) ?? [];
  const odd = data?.pages.flatMap((page) => page.odd) ?? [];
  const listed = waiting.find(({ id }) => id === named);
  const single = useQuery({
    queryKey: ['interrupts', 'one', named],
    queryFn: () => readInterrupt(named ?? ''),
    enabled: named !== null && data !== undefined && listed === undefined,
    refetchInterval: POLL_MS,
  });
  const found = listed ?? (single.data?.id === named ? single.data : undefined);
  // Between leaving the list and being found by itself, it stays as it was, with what was typed into it.
  const [kept, setKept] = useState<Interrupt>();
  if (found !== undefined && found !== kept) setKept(found);
  const chosen = found ?? (kept?.id === named ? kept : undefined);
  const open = useCallback(
    (id: string | undefined) =>
      navigate(id === undefined ? '/inbox' : `/inbox?interrupt=${id}`, { replace: desk }),
    [navigate, desk],
  );
  const first = desk && named === null ? waiting[0]?.id : undefined;
  useEffect(() => {
    if (first !== undefined) open(first);
  }, [first, open]);
  const position = waiting.findIndex(({ id }) => id === named);
  const move = (by: number) => {
    const next = waiting[position === -1 ? 0 : position + by];
    if (next !== undefined) open(next.id);
  };
  useShortcuts({ j: () => move(1), k: () => move(-1), escape: () => open(undefined) });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row to show changes with the choice
  useEffect(() => {
    document.querySelector('[data-waiting][aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [named]);

  if (isPending) {
    return (
      <div className="max-w-md p-4">
        <Bones rows={4} label="Loading the inbox" />
      </div>
    );
  }
  if (error !== null && data === undefined) {
    return (
      <div className="max-w-xl p-4 desk:p-8">
        <h1 className="mb-4 text-title font-semibold">Inbox</h1>
        <ErrorNote error={error} onRetry={() => refetch()} />
      </div>
    );
  }
  if (waiting.length === 0 && odd.length === 0 && named === null) return <NothingWaits />;
  const total = data?.pages.at(-1)?.total ?? 0;
  const list = (
    <section aria-label="Waiting for you" className="flex h-full min-h-0 flex-col border-line desk:border-r">
      <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line px-4">
        <h1 className="flex-1 text-body font-semibold">Inbox</h1>
        <span className="numbers text-ink-soft">{count(total)} waiting</span>
        <Button weight="quiet" onClick={() => setOrder(order === 'desc' ? 'asc' : 'desc')}>
          {order === 'desc' ? 'Newest first' : 'Oldest first'}
        </Button>
      </header>
      <ul className="min-h-0 flex-1 overflow-y-auto">
        {waiting.map((interrupt) => (
          <li key={interrupt.id} className="[contain-intrinsic-size:auto_64px] [content-visibility:auto]">
            <button
              type="button"
              data-waiting
              aria-current={interrupt.id === named}
              onClick={() => open(interrupt.id)}
              className="block w-full border-b border-l-[3px] border-b-line border-l-transparent px-4 py-2 text-left hover:bg-sunk aria-[current=true]:border-l-thread aria-[current=true]:bg-sunk"
            >
              <span className="line-clamp-2 font-medium">{titleOf(interrupt)}</span>
              <span className="mt-1 flex gap-2 text-small text-ink-faint">
                <span className="min-w-0 flex-1 truncate font-mono">{interrupt.tool ?? interrupt.node}</span>
                <span className="numbers">{ago(interrupt.created_at)}</span>
              </span>
            </button>
          </li>
        ))}
        {odd.map(({ id, run_id }) => (
          <li key={id} className="border-b border-line px-4 py-2 text-small text-ink-soft">
            <span className="block [overflow-wrap:anywhere]">
              This page cannot show {id}. Answer it through the API.
            </span>
            {run_id === null ? null : (
              <Link href={`/runs/${run_id}`} className="text-indigo underline underline-offset-2">
                Open its run
              </Link>
            )}
          </li>
        ))}
        {hasNextPage ? (
          <li className="p-4">
            <Button onClick={() => fetchNextPage()}>Show more</Button>
          </li>
        ) : null}
      </ul>
      <p className="shrink-0 border-t border-line px-4 py-3 text-small text-ink-faint max-desk:hidden">
        J and K move, A approves, E edits, R rejects
      </p>
    </section>
  );
  const next = waiting[position + 1] ?? waiting[0];
  const decision =
    chosen === undefined ? (
      named !== null && single.error !== null ? (
        <div className="max-w-xl p-4 desk:p-8">
          <ErrorNote error={single.error} onRetry={() => single.refetch()} />
        </div>
      ) : null
    ) : (
      <Decision
        key={chosen.id}
        interrupt={chosen}
        isOpen={found?.status === 'pending'}
        onAnswered={() => open(next?.id === chosen.id || !desk ? undefined : next?.id)}
        onLeave={() => {
          open(undefined);
          return refetch();
        }}
      />
    );
  if (desk) {
    return (
      <div className="grid h-full grid-cols-[320px_minmax(0,1fr)]">
        {list}
        <div className="min-h-0 overflow-y-auto">{decision}</div>
      </div>
    );
  }
  return named === null ? (
    list
  ) : (
    <div className="h-full overflow-y-auto">
      <Button weight="quiet" className="mt-2 ml-2" onClick={() => open(undefined)}>
        <ArrowLeft size={16} aria-hidden="true" />
        Inbox
      </Button>
      {decision}
    </div>
  );
}

function NothingWaits() {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const trial = useMutation({
    mutationFn: () => startRun('example-refund', { order: 'A-1042', amount: 48 }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['interrupts'] }),
  });
  return (
    <div className="h-full overflow-y-auto">
      <h1 className="sr-only">Inbox</h1>
      <Empty
        title="Nothing is waiting for you"
        action={
          <>
            <Button weight="primary" disabled={trial.isPending} onClick={() => trial.mutate()}>
              Start an example refund
            </Button>
            <Button onClick={() => navigate(trial.data === undefined ? '/runs' : `/runs/${trial.data.id}`)}>
              {trial.data === undefined ? 'See past runs' : 'Open the run'}
            </Button>
          </>
        }
      >
        When an agent needs a person’s approval, it pauses and its question appears here. To see how that
        feels, start a refund of $48: the example agent asks before it pays more than $10. Nothing is really
        paid.
      </Empty>
      {trial.error === null ? null : (
        <div className="mx-auto max-w-md px-4">
          <ErrorNote error={trial.error} />
        </div>
      )}
    </div>
  );
}
