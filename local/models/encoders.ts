import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { FairLine } from './fair-line.ts';

/** Folders that hold `model.onnx`, `tokenizer.json` and `tokenizer_config.json`; null where there is none. */
export interface EncoderFolders {
  readonly embedding: string | null;
  readonly rerank: string | null;
}

export type EncoderTask =
  | { readonly kind: 'embed'; readonly text: string; readonly pooling: 'cls' | 'mean' }
  | { readonly kind: 'score'; readonly question: string; readonly passage: string };

export type EncoderReply =
  | { readonly kind: 'vector'; readonly vector: Float32Array; readonly tokens: number }
  | { readonly kind: 'logit'; readonly logit: number; readonly tokens: number };

/** The embedder and the cross-encoder, on threads of their own so that HTTP stays awake. */
export class Encoders {
  readonly #line: FairLine<EncoderTask, EncoderReply>;

  private constructor(threads: readonly Worker[]) {
    this.#line = new FairLine(
      threads.map((thread) => (task) => ask(thread, task)),
      cost,
    );
  }

  /** A thread a core but one, four at most: each holds its own 70 MB of weights and uses one core. */
  static async start(folders: EncoderFolders, cores: number): Promise<Encoders> {
    const count = Math.max(1, Math.min(4, cores - 1));
    const threads = Array.from(
      { length: count },
      () => new Worker(new URL('./encoder-thread.ts', import.meta.url), { workerData: folders }),
    );
    await Promise.all(threads.map((thread) => once(thread, 'message')));
    // A thread that dies is a bug or a broken model file: the server must not go on with half its hands.
    for (const thread of threads) {
      thread.on('error', (error) => {
        throw error;
      });
      // What keeps the process alive is that it serves, not that it could.
      thread.unref();
    }
    return new Encoders(threads);
  }

  /** Unit vectors in the order of the texts. A text beyond 512 tokens is read up to there. */
  async embed(
    texts: readonly string[],
    pooling: 'cls' | 'mean',
    signal: AbortSignal,
  ): Promise<{ vectors: Float32Array[]; tokens: number }> {
    const replies = await this.#line.run(
      texts.map((text) => ({ kind: 'embed', text, pooling }) as const),
      signal,
    );
    return {
      vectors: replies.flatMap((reply) => (reply.kind === 'vector' ? [reply.vector] : [])),
      tokens: sumOfTokens(replies),
    };
  }

  /** One logit a passage, in their order. */
  async score(
    question: string,
    passages: readonly string[],
    signal: AbortSignal,
  ): Promise<{ logits: number[]; tokens: number }> {
    const replies = await this.#line.run(
      passages.map((passage) => ({ kind: 'score', question, passage }) as const),
      signal,
    );
    return {
      logits: replies.flatMap((reply) => (reply.kind === 'logit' ? [reply.logit] : [])),
      tokens: sumOfTokens(replies),
    };
  }
}

async function ask(thread: Worker, task: EncoderTask): Promise<EncoderReply> {
  thread.postMessage(task);
  const [reply] = await once(thread, 'message');
  return reply;
}

const sumOfTokens = (replies: readonly EncoderReply[]): number =>
  replies.reduce((sum, reply) => sum + reply.tokens, 0);

/** Characters that the model will read; 512 tokens of English are about 2,500 of them. */
const cost = (task: EncoderTask): number =>
  Math.min(2500, task.kind === 'embed' ? task.text.length : task.question.length + task.passage.length);
