import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ago } from '../design/format.ts';
import { type Interrupt, readHistory } from '../service/agents.ts';

/** As many of the last steps as help to decide; the run's own page has all. */
const STEPS = 10;

/** The steps that led to a question. */
export function Road({ interrupt }: { readonly interrupt: Interrupt }) {
  const { data } = useQuery({
    queryKey: ['history', interrupt.run_id, 'road'],
    queryFn: () => readHistory(interrupt.run_id, { order: 'desc', limit: STEPS, after: null }),
  });
  const steps = [...(data?.steps ?? [])].reverse();
  return (
    <section aria-label="The run that led here" className="mt-10">
      <h3 className="mb-2 font-semibold">What led to this</h3>
      <ol className="border-t border-line">
        {steps.map(({ step, node, at }) => (
          <li key={step} className="flex h-8 items-center gap-4 border-b border-line">
            <span className="numbers w-6 text-right text-ink-faint">{step}</span>
            <span className="min-w-0 flex-1 truncate">{node}</span>
            <span className="numbers text-small text-ink-faint">{ago(at)}</span>
          </li>
        ))}
        {interrupt.status === 'pending' ? (
          <li className="flex h-8 items-center gap-4 border-b border-line">
            <span className="numbers w-6 text-right text-ink-faint">{interrupt.step}</span>
            <span className="min-w-0 flex-1 truncate">{interrupt.node}</span>
            <span className="text-small text-thread">waits for you</span>
          </li>
        ) : null}
      </ol>
      <Link
        href={`/runs/${interrupt.run_id}`}
        className="mt-3 inline-flex h-8 items-center rounded-small text-indigo underline underline-offset-2"
      >
        Open the run
      </Link>
    </section>
  );
}
