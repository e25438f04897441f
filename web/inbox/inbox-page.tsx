import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { useEffect } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Button } from '../design/button.tsx';
import { ago } from '../design/format.ts';
import { Bones, Empty, TroubleNote } from '../design/states.tsx';
import { type Interrupt, listInterrupts, startRun } from '../service/agents.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import { useDesk } from '../shell/viewport.ts';
import { Decision, titleOf } from './decision.tsx';

/** How often an open inbox looks for what waits next. */
const POLL_MS = 4000;

/** What waits for a person: the list left, one decision right; on a phone one after the other. */
export default function InboxPage() {
  const desk = useDesk();
  const [, navigate] = useLocation();
  const search = useSearch();
  const { data, isPending, error, refetch } = useQuery({
    queryKey: ['interrupts'],
    queryFn: listInterrupts,
    refetchInterval: POLL_MS,
  });
  const waiting = data ?? [];
  const named = new URLSearchParams(search).get('interrupt');
  const chosen = waiting.find(({ id }) => id === named) ?? (desk ? waiting[0] : undefined);
  const open = (interrupt: Interrupt | undefined) =>
    navigate(interrupt === undefined ? '/inbox' : `/inbox?interrupt=${interrupt.id}`, { replace: desk });
  const move = (by: number) => {
    const position = waiting.findIndex(({ id }) => id === chosen?.id);
    const next = waiting[position + by];
    if (next !== undefined) open(next);
  };
  useShortcuts({ j: () => move(1), k: () => move(-1), escape: () => open(undefined) });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row to show changes with the choice
  useEffect(() => {
    document.querySelector('[data-waiting][aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

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
        <TroubleNote error={error} onRetry={() => refetch()} />
      </div>
    );
  }
  if (waiting.length === 0) return <NothingWaits />;
  const list = (
    <section aria-label="Waiting for you" className="flex h-full min-h-0 flex-col border-line desk:border-r">
      <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line px-4">
        <h1 className="flex-1 text-body font-semibold">Inbox</h1>
        <span className="numbers text-ink-soft">{waiting.length} waiting</span>
      </header>
      <ul className="min-h-0 flex-1 overflow-y-auto">
        {waiting.map((interrupt) => (
          <li key={interrupt.id}>
            <button
              type="button"
              data-waiting
              aria-current={interrupt.id === chosen?.id}
              onClick={() => open(interrupt)}
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
      </ul>
      <p className="shrink-0 border-t border-line px-4 py-3 text-small text-ink-faint max-desk:hidden">
        J and K move, A approves, E edits, R rejects
      </p>
    </section>
  );
  const next = waiting[waiting.findIndex(({ id }) => id === chosen?.id) + 1] ?? waiting[0];
  const decision =
    chosen === undefined ? null : (
      <Decision
        key={chosen.id}
        interrupt={chosen}
        onAnswered={() => open(next === chosen || !desk ? undefined : next)}
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
  return decision === null ? (
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
        title="Nothing waits for you"
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
        When an agent needs a person’s yes, it stops and its question stands here. To see how that feels,
        start a refund of $48: the example agent asks before it pays more than $10. Nothing is really paid.
      </Empty>
      {trial.error === null ? null : (
        <div className="mx-auto max-w-md px-4">
          <TroubleNote error={trial.error} />
        </div>
      )}
    </div>
  );
}
