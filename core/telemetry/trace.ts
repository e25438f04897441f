import type { Clock } from '../clock.ts';
import { errorMessage } from '../error-message.ts';
import { asId, hex, type Random, type TraceId } from '../identifier.ts';
import { addMoney, type Money, noMoney } from './money.ts';

/**
 * One tree of spans a request. A trace is opened at the edge, handed down as an argument, and written once
 * when the answer has ended (`RequestWriter`). Nothing here does I/O.
 *
 * Invariants
 *  TRC-1 A span's cost and tokens are its own, never its children's: sums over all spans count each call once.
 *  TRC-2 A span ends exactly once, also when its work throws; the error's message is recorded, never its stack.
 *  TRC-3 Stage names are `Server-Timing` entries: parallel stages each give their own wall time, a stage that
 *     runs several times gives the sum.
 */
export type AttributeValue = string | number | boolean | readonly string[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

export type Stage = 'plan' | 'embed' | 'dense' | 'sparse' | 'fuse' | 'rerank' | 'generate';

export interface Usage {
  readonly model: string;
  /** OpenTelemetry's `gen_ai.operation.name`. */
  readonly operation: 'chat' | 'embeddings' | 'rerank';
  /** OpenTelemetry's `gen_ai.provider.name`. */
  readonly provider: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens?: number;
  /** Those of the output that were thought and not said, where the provider counts them. */
  readonly reasoningTokens?: number;
  readonly cost: Money;
}

/** What the model calls of a request have read, written and cost together. */
export interface Totals {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly reasoningTokens: number;
  readonly cost: Money;
}

export interface SpanRecord {
  readonly spanId: string;
  readonly parentId: string | null;
  readonly name: string;
  /** The stage that the span runs in, its own or the nearest one above; null outside all stages. */
  readonly stage: Stage | null;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  readonly usage: Usage | null;
  readonly error: string | null;
}

export class Span {
  readonly spanId: string;
  readonly #trace: Trace;
  readonly #parentId: string | null;
  readonly #name: string;
  readonly #stage: Stage | null;
  readonly #startedAt: number;
  #attributes: Record<string, AttributeValue>;
  #usage: Usage | null = null;
  #ended = false;

  constructor(
    trace: Trace,
    parentId: string | null,
    name: string,
    attributes: Attributes,
    stage: Stage | null = null,
  ) {
    this.#trace = trace;
    this.#parentId = parentId;
    this.#name = name;
    this.#stage = stage;
    this.#attributes = { ...attributes };
    this.#startedAt = trace.now();
    this.spanId = trace.newSpanId();
  }

  set(attributes: Attributes): void {
    Object.assign(this.#attributes, attributes);
  }

  /** Tokens and dollars of the one model call that this span stands for; a second call replaces the first. */
  use(usage: Usage): void {
    this.#usage = usage;
    this.set({
      'gen_ai.operation.name': usage.operation,
      'gen_ai.provider.name': usage.provider,
      'gen_ai.request.model': usage.model,
      'gen_ai.usage.input_tokens': usage.inputTokens,
      'gen_ai.usage.output_tokens': usage.outputTokens,
    });
  }

  /** The prompt version that an answer follows: an attribute of this span, and a header of the response. */
  answeredBy(promptVersion: string): void {
    this.set({ 'selvedge.prompt': promptVersion });
    this.#trace.answeredBy(promptVersion);
  }

  /** The pipeline that an answer comes from: an attribute of this span, and a header of the response. */
  answeredThrough(pipeline: string): void {
    this.set({ 'selvedge.pipeline': pipeline });
    this.#trace.answeredThrough(pipeline);
  }

  /** The first piece of an answer is there. */
  firstToken(): void {
    this.#trace.firstToken();
  }

  child(name: string, attributes: Attributes = {}): Span {
    return new Span(this.#trace, this.spanId, name, attributes, this.#stage);
  }

  /** Runs `work` inside a child span, which ends when the work settles. */
  within<T>(name: string, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
    return run(this.child(name, attributes), work);
  }

  /** Like `within`, and the wall time is also a stage of the answer's `Server-Timing`. */
  async stage<T>(stage: Stage, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
    const began = this.#trace.now();
    try {
      return await run(new Span(this.#trace, this.spanId, stage, attributes, stage), work);
    } finally {
      this.#trace.addStageTime(stage, this.#trace.now() - began);
    }
  }

  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#trace.record({
      spanId: this.spanId,
      parentId: this.#parentId,
      name: this.#name,
      stage: this.#stage,
      startedAt: this.#startedAt,
      endedAt: this.#trace.now(),
      attributes: this.#attributes,
      usage: this.#usage,
      error: error === undefined ? null : errorMessage(error),
    });
  }
}

async function run<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    const result = await work(span);
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

export class Trace {
  /** OpenTelemetry's trace id: 32 hex digits. */
  readonly traceId: TraceId;
  readonly root: Span;
  readonly startedAt: number;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #spans: SpanRecord[] = [];
  readonly #stages = new Map<Stage, number>();
  #firstTokenAt: number | null = null;
  #promptVersion: string | null = null;
  #pipeline: string | null = null;

  constructor(
    name: string,
    deps: { readonly clock: Clock; readonly random: Random },
    attributes: Attributes = {},
  ) {
    this.#clock = deps.clock;
    this.#random = deps.random;
    this.traceId = asId(hex(deps.random(new Uint8Array(16))));
    this.startedAt = deps.clock();
    this.root = new Span(this, null, name, attributes);
  }

  now(): number {
    return this.#clock();
  }

  newSpanId(): string {
    return hex(this.#random(new Uint8Array(8)));
  }

  record(span: SpanRecord): void {
    this.#spans.push(span);
  }

  addStageTime(stage: Stage, milliseconds: number): void {
    this.#stages.set(stage, (this.#stages.get(stage) ?? 0) + milliseconds);
  }

  /** The first piece of the answer has left; also the `generate;desc="ttft"` entry. Later calls do nothing. */
  firstToken(): void {
    this.#firstTokenAt ??= this.#clock();
  }

  answeredBy(promptVersion: string): void {
    this.#promptVersion = promptVersion;
  }

  answeredThrough(pipeline: string): void {
    this.#pipeline = pipeline;
  }

  /** Fingerprint of all that can change an answer beside the prompt version (core/pipeline.ts); null for no answer. */
  get pipeline(): string | null {
    return this.#pipeline;
  }

  get promptVersion(): string | null {
    return this.#promptVersion;
  }

  /** Milliseconds from the start to the first token, or null while there is none. */
  get timeToFirstToken(): number | null {
    return this.#firstTokenAt === null ? null : this.#firstTokenAt - this.startedAt;
  }

  get stages(): ReadonlyMap<Stage, number> {
    return this.#stages;
  }

  get spans(): readonly SpanRecord[] {
    return this.#spans;
  }

  get usages(): readonly Usage[] {
    return this.#spans.flatMap((span) => (span.usage === null ? [] : [span.usage]));
  }

  /**
   * Of all model calls that have ended so far (TRC-1). The one place that adds them up: an answer's `usage`, its
   * headers, its row, its key's ledger and an evaluation's result say the same to the last digit.
   */
  get totals(): Totals {
    const usages = this.usages;
    const sum = (read: (usage: Usage) => number) => usages.reduce((total, usage) => total + read(usage), 0);
    return {
      inputTokens: sum((usage) => usage.inputTokens),
      outputTokens: sum((usage) => usage.outputTokens),
      cacheReadTokens: sum((usage) => usage.cacheReadTokens ?? 0),
      reasoningTokens: sum((usage) => usage.reasoningTokens ?? 0),
      cost: usages.reduce((total, usage) => addMoney(total, usage.cost), noMoney),
    };
  }
}
