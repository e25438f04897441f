import { useSyncExternalStore } from 'react';
import {
  type Answer,
  type AnswerEvent,
  ask,
  type Candidate,
  type Citation,
  readAnswer,
} from '../service/answers.ts';

/**
 * The questions and answers on the page. They live beside React, so that an answer keeps streaming while its
 * reader looks at another page. One question at a time; each follows the one before it.
 */
export interface Turn {
  readonly id: number;
  readonly question: string;
  readonly collection: string | null;
  readonly phase: 'searching' | 'writing' | 'completed' | 'stopped' | 'cut-short' | 'failed';
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly candidates: readonly Candidate[];
  readonly responseId: string | null;
  readonly traceId: string | null;
  readonly promptVersion: string | null;
  /** What is known once the answer has ended. */
  readonly answer: Answer | null;
  /** Why it was cut short or failed. */
  readonly error: unknown;
}

let turns: readonly Turn[] = [];
let made = 0;
let running: AbortController | null = null;
const listeners = new Set<() => void>();

function change(next: readonly Turn[]): void {
  turns = next;
  for (const listener of listeners) listener();
}

const update = (id: number, part: Partial<Turn>) =>
  change(turns.map((turn) => (turn.id === id ? { ...turn, ...part } : turn)));

export const useTurns = (): readonly Turn[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => turns,
  );

export const isRunning = (turn: Turn): boolean => turn.phase === 'searching' || turn.phase === 'writing';

export function startOver(): void {
  stop();
  change([]);
}

export function stop(): void {
  running?.abort();
}

function open(question: string, collection: string | null): Turn {
  made += 1;
  return {
    id: made,
    question,
    collection,
    phase: 'searching',
    text: '',
    citations: [],
    candidates: [],
    responseId: null,
    traceId: null,
    promptVersion: null,
    answer: null,
    error: null,
  };
}

/** Asks, after what stands on the page already. `onNamed` hears the answer's id as soon as it has one. */
export async function askNext(
  question: string,
  collection: string | null,
  onNamed: (responseId: string) => void,
): Promise<void> {
  stop();
  const before = turns.findLast((turn) => turn.phase === 'completed' && turn.collection === collection);
  const turn = open(question, collection);
  change([...turns, turn]);
  await run(turn, before?.responseId ?? null, onNamed);
}

/** Asks the same again, in the place of the turn that failed. */
export async function askAgain(turn: Turn, onNamed: (responseId: string) => void): Promise<void> {
  stop();
  const position = turns.findIndex(({ id }) => id === turn.id);
  const before = turns.slice(0, position).findLast(({ phase }) => phase === 'completed');
  const again = { ...open(turn.question, turn.collection), id: turn.id };
  change(turns.map((one) => (one.id === turn.id ? again : one)));
  await run(again, before?.responseId ?? null, onNamed);
}

async function run(
  turn: Turn,
  previous: string | null,
  onNamed: (responseId: string) => void,
): Promise<void> {
  const controller = new AbortController();
  running = controller;
  try {
    const question = { text: turn.question, collection: turn.collection, previous };
    for await (const event of ask(question, controller.signal)) {
      update(turn.id, applied(turn.id, event));
      if (event.kind === 'named') onNamed(event.responseId);
    }
  } catch (error) {
    update(turn.id, controller.signal.aborted ? { phase: 'stopped' } : { phase: 'failed', error });
  } finally {
    if (running === controller) running = null;
  }
}

function applied(id: number, event: AnswerEvent): Partial<Turn> {
  const turn = turns.find((one) => one.id === id);
  switch (event.kind) {
    case 'opened':
      return { traceId: event.traceId, promptVersion: event.promptVersion };
    case 'named':
      return { responseId: event.responseId };
    case 'found':
      return { candidates: event.candidates };
    case 'text':
      return { phase: 'writing', text: (turn?.text ?? '') + event.text };
    case 'cited':
      return { citations: [...(turn?.citations ?? []), event.citation] };
    case 'ended':
      return ended(event.answer);
  }
}

const phases: Readonly<Record<string, Turn['phase']>> = {
  completed: 'completed',
  incomplete: 'cut-short',
  cancelled: 'stopped',
};

const reasons: Readonly<Record<string, string>> = {
  budget_exceeded: 'The budget of this key is used up, so the answer ends here.',
  max_output_tokens: 'The answer reached its greatest length and ends here.',
};

function ended(answer: Answer): Partial<Turn> {
  const phase = phases[answer.status] ?? 'failed';
  const problem = answer.problem ?? 'The service gave no reason.';
  return {
    phase,
    text: answer.text,
    citations: answer.citations,
    candidates: answer.candidates,
    answer,
    error: phase === 'cut-short' || phase === 'failed' ? new Error(reasons[problem] ?? problem) : null,
  };
}

/** Puts a stored answer on the page, for a link to it; does nothing where it stands there already. */
export async function restore(
  responseId: string,
  question: string,
  collection: string | null,
): Promise<void> {
  if (turns.some((turn) => turn.responseId === responseId)) return;
  stop();
  const turn = { ...open(question, collection), responseId };
  change([turn]);
  try {
    update(turn.id, ended(await readAnswer(responseId)));
  } catch (error) {
    update(turn.id, { phase: 'failed', error });
  }
}
