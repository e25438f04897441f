import type { State } from '../service/documents.ts';

/** What happens to a document, in stages that a person can tell apart. */
const stages = ['Uploading', 'Reading', 'Indexing', 'Embedding', 'Finishing'] as const;

export interface Progress {
  /** Position in `stages`. */
  readonly stage: number;
  /** 0…1 of the stage; null where it cannot be known. */
  readonly share: number | null;
  readonly counts: string | null;
}

/** The service's stages → ours; one that this page does not know counts as reading. */
const positions: Readonly<Record<string, number>> = { parsing: 1, indexing: 2, embedding: 3, settling: 4 };

export function progressOf(state: Extract<State, { kind: 'working' }>): Progress {
  const stage = positions[state.stage] ?? 1;
  if (stages[stage] !== 'Embedding' || state.done === null || state.all === null || state.all === 0) {
    return { stage, share: null, counts: null };
  }
  return { stage, share: state.done / state.all, counts: `${state.done} of ${state.all}` };
}

/** One word (with counts where there are any) for where a document stands. */
export function wordOf(state: State): string {
  switch (state.kind) {
    case 'ready':
      return 'ready';
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
    case 'working': {
      const { stage, counts } = progressOf(state);
      if (state.stage === 'queued') return 'queued';
      return [stages[stage]?.toLowerCase(), counts].filter((part) => part != null).join(' ');
    }
  }
}

/** One segment a stage: done, in hand (with its share where it is known), still to come. */
export function StageBar({ name, progress }: { readonly name: string; readonly progress: Progress }) {
  const word = stages[progress.stage] ?? '';
  return (
    <div
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={stages.length}
      aria-valuenow={progress.stage}
      aria-valuetext={progress.counts === null ? word : `${word}, ${progress.counts}`}
      className="flex gap-1"
    >
      {stages.map((stage, position) => (
        <div key={stage} className="h-1 flex-1 overflow-hidden rounded-small bg-held">
          {position < progress.stage ? <div className="h-full bg-indigo" /> : null}
          {position === progress.stage ? <Hand share={progress.share} /> : null}
        </div>
      ))}
    </div>
  );
}

const Hand = ({ share }: { readonly share: number | null }) =>
  share === null ? (
    <div className="h-full animate-pulse bg-indigo motion-reduce:animate-none" />
  ) : (
    <div className="h-full origin-left bg-indigo" style={{ transform: `scaleX(${share})` }} />
  );
