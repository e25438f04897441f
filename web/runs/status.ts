import type { Run } from '../service/agents.ts';

export const statusWords: Readonly<
  Record<Run['status'], { readonly word: string; readonly colour: string }>
> = {
  running: { word: 'running', colour: 'text-indigo' },
  interrupted: { word: 'waits for a person', colour: 'text-thread' },
  completed: { word: 'completed', colour: 'text-ok' },
  failed: { word: 'failed', colour: 'text-bad' },
  cancelled: { word: 'cancelled', colour: 'text-ink-soft' },
  stranded: { word: 'stranded', colour: 'text-warn' },
};
