import { Failure } from '../failure.ts';
import type { Random } from '../identifier.ts';
import { chat } from '../models/chat.ts';
import type { ModelProvider } from '../models/provider.ts';
import type { Hit } from '../retrieve/query.ts';
import type { Span } from '../telemetry/trace.ts';
import { type Afford, callOf, mostOfCall } from './call.ts';
import { Citations } from './citation.ts';
import { type Evidence, evidenceOf, nearest, support } from './evidence.ts';
import { fitToContext, NOT_FOUND, withPassages } from './messages.ts';
import type { AnswerEvent, GroundedRequest } from './request.ts';
import { SentenceBuffer } from './sentence-buffer.ts';
import type { Sentence } from './sentences.ts';

export interface WritingDependencies {
  readonly provider: ModelProvider;
  readonly random: Random;
  readonly afford: Afford;
}

/** What became of a written answer: `nothing` when no sentence of it held against the passages. */
export type Written = Extract<AnswerEvent, { type: 'finished' }> | 'not-found' | 'nothing' | 'unavailable';

const marker = /[ \t]*\[(\d{1,3})\]/g;

/**
 * The answer that a model writes, sentence by sentence, each checked before it is shown: a sentence that its
 * passage does not hold is replaced by that passage's own sentence on the matter, or dropped.
 * Nothing has been shown when the result is not the finished event.
 */
export async function* writeAnswer(
  deps: WritingDependencies,
  request: GroundedRequest,
  question: string,
  hits: readonly Hit[],
  span: Span,
): AsyncGenerator<AnswerEvent, Written> {
  const call = callOf(request, []);
  const evidence = fitToContext(
    request,
    hits.map((hit, place) => evidenceOf(hit, place + 1)),
    call.maxOutputTokens,
  );
  const told = { ...call, messages: withPassages(request, question, evidence, deps.random) };
  await deps.afford(mostOfCall(request.model, told));
  const draft = new Draft(evidence, question);
  const buffer = new SentenceBuffer();
  let finished: Written = 'nothing';
  try {
    for await (const event of chat(deps, request.model, told, span)) {
      if (event.type === 'text') {
        for (const sentence of buffer.push(event.delta)) yield* draft.add(sentence);
      }
      if (draft.declined) return 'not-found';
      if (event.type === 'finish') {
        finished = { type: 'finished', mode: 'generate', reason: event.reason, tokens: event.tokens };
      }
    }
  } catch (error) {
    if (!draft.empty || !isUnavailable(error)) throw error;
    span.set({ 'selvedge.model': 'unavailable' });
    return 'unavailable';
  }
  for (const sentence of buffer.flush()) yield* draft.add(sentence);
  if (draft.declined) return 'not-found';
  span.set({ 'selvedge.sentences.kept': draft.kept, 'selvedge.sentences.dropped': draft.dropped });
  return draft.empty ? 'nothing' : finished;
}

/** Whether quoting helps. What the model refuses is no such thing: the caller asked for what it does not take. */
const isUnavailable = (error: unknown): boolean =>
  error instanceof Failure &&
  error.isUpstream &&
  (error.code !== 'upstream_refused' || error.details.reason === 'model_missing');

/** The text that has been shown so far, and what was made of the sentences that came. */
class Draft {
  readonly #evidence: readonly Evidence[];
  readonly #question: string;
  readonly #citations = new Citations();
  #length = 0;
  /** The space that the model put after the last sentence: a paragraph stays one. */
  #gap = '';
  #first = true;
  kept = 0;
  dropped = 0;
  declined = false;

  constructor(evidence: readonly Evidence[], question: string) {
    this.#evidence = evidence;
    this.#question = question;
  }

  get empty(): boolean {
    return this.#length === 0;
  }

  *add(written: string): Generator<AnswerEvent> {
    const claim = written.replace(marker, '');
    if (this.#first && claim.includes(NOT_FOUND)) this.declined = true;
    this.#first = false;
    if (claim.trim() === '' || this.declined || claim.includes(NOT_FOUND)) return;
    const cited = [...written.matchAll(marker)].map(([, number]) => Number(number));
    const found = this.#find(claim.trim(), cited);
    if (found === null) {
      this.dropped += 1;
      return;
    }
    this.kept += 1;
    yield* this.#show(found);
    this.#gap = /\s*$/.exec(claim)?.[0] ?? '';
  }

  /** Passages that the sentence names come first; one that names none may still be in any of them. */
  #find(claim: string, cited: readonly number[]): Shown | null {
    const named = this.#evidence.filter(({ number }) => cited.includes(number));
    for (const evidence of [...named, ...this.#evidence.filter((other) => !named.includes(other))]) {
      const sentence = support(claim, evidence, this.#question);
      if (sentence !== null) return { text: claim, evidence, sentence };
    }
    for (const evidence of named) {
      const sentence = nearest(claim, evidence);
      if (sentence === null) continue;
      return { text: `«${sentence.text.replace(/\s+/g, ' ')}»`, evidence, sentence };
    }
    return null;
  }

  *#show({ text, evidence, sentence }: Shown): Generator<AnswerEvent> {
    const before = this.empty ? '' : this.#gap || ' ';
    const shown = `${before}${text} `;
    const index = this.#length + shown.length;
    const { marker: mark, citation } = this.#citations.cite(evidence.hit, sentence, index);
    yield { type: 'text', delta: shown + mark };
    this.#length = index + mark.length;
    if (citation !== null) yield { type: 'citation', citation };
  }
}

interface Shown {
  readonly text: string;
  readonly evidence: Evidence;
  readonly sentence: Sentence;
}
