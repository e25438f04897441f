import type { Afford } from '../access/meter.ts';
import { Failure } from '../failure.ts';
import type { Random } from '../identifier.ts';
import { chat } from '../models/chat.ts';
import { worstCaseOfCall } from '../models/chat-bounds.ts';
import type { ModelProvider } from '../models/provider.ts';
import type { Hit } from '../retrieve/query.ts';
import type { Span } from '../telemetry/trace.ts';
import { callOf } from './call.ts';
import { Citations } from './citation.ts';
import {
  type Evidence,
  evidenceOf,
  isReported,
  nearest,
  type Reported,
  reportedBy,
  support,
} from './evidence.ts';
import { citedNumbers, withoutMarkers } from './markers.ts';
import { fitToContext, NOT_FOUND, withPassages } from './messages.ts';
import { inQuotes, type Phrases } from './phrases.ts';
import { toolOutputs } from './question.ts';
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

/**
 * The answer that a model writes, sentence by sentence, each checked before it is shown: a sentence that its
 * passage does not hold is replaced by that passage's own sentence on the matter, or dropped.
 * Nothing has been shown when the result is not the finished event.
 *
 *  ANS-2 `NOT_FOUND` declines only where it is all that the model has to say: a document may speak of it too.
 *  ANS-6 After tools have answered, a sentence that names no passage is shown without a citation, if its numbers and names
 *     are in what they answered. Nothing else is shown uncited.
 *  ANS-3 A mark names its passage in whatever brackets and digits a model has learnt to write it.
 */
export async function* writeAnswer(
  deps: WritingDependencies,
  request: GroundedRequest,
  question: { readonly text: string; readonly phrases: Phrases },
  hits: readonly Hit[],
  span: Span,
): AsyncGenerator<AnswerEvent, Written> {
  const call = callOf(request, []);
  const evidence = fitToContext(
    request,
    hits.map((hit, place) => evidenceOf(hit, place + 1)),
    call.maxOutputTokens,
  );
  const told = { ...call, messages: withPassages(request, question.text, evidence, deps.random) };
  await deps.afford(worstCaseOfCall(request.model, told));
  const draft = new Draft(evidence, question, toolOutputs(request.messages));
  const buffer = new SentenceBuffer();
  let finished: Written = 'nothing';
  let called = false;
  try {
    for await (const event of chat(deps, request.model, told, span)) {
      if (event.type === 'text') {
        for (const sentence of buffer.push(event.delta)) yield* draft.add(sentence);
      }
      if (event.type === 'ignored') yield event;
      if (event.type === 'tool-call') {
        for (const sentence of buffer.flush()) yield* draft.add(sentence);
        called = true;
        yield event;
      }
      if (event.type === 'finish') {
        finished = { type: 'finished', mode: 'generate', reason: event.reason, tokens: event.tokens };
      }
    }
  } catch (error) {
    // What a tool would have said is in no document.
    if (!draft.empty || request.tools.length > 0 || !isUnavailable(error)) throw error;
    span.set({ 'selvedge.model': 'unavailable' });
    return 'unavailable';
  }
  for (const sentence of buffer.flush()) yield* draft.add(sentence);
  if (draft.declined && !called) return 'not-found';
  span.set({ 'selvedge.sentences.kept': draft.kept, 'selvedge.sentences.dropped': draft.dropped });
  return draft.empty && !called ? 'nothing' : finished;
}

/** Whether quoting helps. What the model refuses is no such thing: the caller asked for what it does not take. */
const isUnavailable = (error: unknown): boolean =>
  error instanceof Failure &&
  error.isUpstream &&
  (error.code !== 'upstream_refused' || error.details.reason === 'model_missing');

/** Whether a sentence is the word that the model was told to write, whatever it put around it. */
const saysNotFound = (sentence: string): boolean => sentence.replace(/[^\p{L}\p{N}_]/gu, '') === NOT_FOUND;

/** The text that has been shown so far, and what was made of the sentences that came. */
class Draft {
  readonly #evidence: readonly Evidence[];
  readonly #question: string;
  readonly #phrases: Phrases;
  /** Null where no tool has answered. */
  readonly #reported: Reported | null;
  readonly #citations = new Citations();
  #length = 0;
  /** The space that the model put after the last sentence: a paragraph stays one. */
  #gap = '';
  #saidNotFound = false;
  kept = 0;
  dropped = 0;

  constructor(
    evidence: readonly Evidence[],
    { text, phrases }: { readonly text: string; readonly phrases: Phrases },
    outputs: readonly string[],
  ) {
    this.#reported = outputs.length === 0 ? null : reportedBy(outputs, text);
    this.#evidence = evidence;
    this.#question = text;
    this.#phrases = phrases;
  }

  /** The model said that it found nothing, and nothing else that holds: a document may well mention `NOT_FOUND`. */
  get declined(): boolean {
    return this.#saidNotFound && this.empty;
  }

  get empty(): boolean {
    return this.#length === 0;
  }

  *add(written: string): Generator<AnswerEvent> {
    const claim = withoutMarkers(written);
    if (saysNotFound(claim)) this.#saidNotFound = true;
    if (claim.trim() === '' || saysNotFound(claim)) return;
    const cited = citedNumbers(written);
    const found = this.#find(claim.trim(), cited);
    if (found !== null) yield* this.#show(found);
    else if (this.#isReported(claim, cited)) yield* this.#append(claim.trim());
    else {
      this.dropped += 1;
      return;
    }
    this.kept += 1;
    this.#gap = /\s*$/.exec(claim)?.[0] ?? '';
  }

  #isReported(claim: string, cited: readonly number[]): boolean {
    return cited.length === 0 && this.#reported !== null && isReported(claim, this.#reported);
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
      return { text: inQuotes(this.#phrases, sentence.text), evidence, sentence };
    }
    return null;
  }

  *#show({ text, evidence, sentence }: Shown): Generator<AnswerEvent> {
    const before = this.#before();
    const index = this.#length + before.length + text.length + 1;
    const { marker: mark, citation } = this.#citations.cite(evidence.hit, sentence, index);
    yield* this.#append(`${text} ${mark}`);
    if (citation !== null) yield { type: 'citation', citation };
  }

  #before(): string {
    return this.empty ? '' : this.#gap || ' ';
  }

  *#append(text: string): Generator<AnswerEvent> {
    const delta = this.#before() + text;
    yield { type: 'text', delta };
    this.#length += delta.length;
  }
}

interface Shown {
  readonly text: string;
  readonly evidence: Evidence;
  readonly sentence: Sentence;
}
