import type {
  ChatHistoryItem,
  ChatModelFunctions,
  GbnfJsonSchema,
  Llama,
  LlamaChat,
  LlamaContextSequence,
  LlamaGrammar,
  LlamaModel,
} from 'node-llama-cpp';
import type { Form } from './chat-request.ts';
import { Refusal } from './refusal.ts';

export interface ChatSettings {
  /** Tokens; never beyond what the context has room for. */
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number | null;
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
  readonly stop: readonly string[];
}

export interface Call {
  readonly name: string;
  /** JSON. */
  readonly arguments: string;
}

export interface Said {
  readonly text: string;
  readonly calls: readonly Call[];
  readonly stopped: 'stop' | 'length' | 'tool_calls';
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** An instruct model in llama.cpp. A few conversations at a time share its batches; the others wait in line. */
export class ChatEngine {
  readonly contextTokens: number;
  readonly #llama: Llama;
  readonly #model: LlamaModel;
  readonly #newChat: (sequence: LlamaContextSequence) => LlamaChat;
  readonly #free: LlamaContextSequence[];
  readonly #waiting: ((sequence: LlamaContextSequence) => void)[] = [];

  private constructor(
    llama: Llama,
    model: LlamaModel,
    sequences: LlamaContextSequence[],
    newChat: (sequence: LlamaContextSequence) => LlamaChat,
    contextTokens: number,
  ) {
    this.#llama = llama;
    this.#model = model;
    this.#free = sequences;
    this.#newChat = newChat;
    this.contextTokens = contextTokens;
  }

  /**
   * @param contextTokens of each conversation. @param conversations how many run at once: each takes its own
   * share of memory (23 KB a token for a 135M model, 110 KB for one of 1.7B).
   * @param cores of the machine. llama.cpp's own choice of threads (4 on a machine with 2 cores) makes it 400
   * times slower, so we say: half of them.
   */
  static async load(options: {
    readonly file: string;
    readonly contextTokens: number;
    readonly conversations: number;
    readonly cores: number;
  }): Promise<ChatEngine> {
    const { getLlama, LlamaChat, LlamaLogLevel } = await import('node-llama-cpp');
    const threads = Math.max(1, Math.floor(options.cores / 2));
    const llama = await getLlama({
      gpu: false,
      build: 'never',
      skipDownload: true,
      maxThreads: threads,
      logLevel: LlamaLogLevel.error,
    });
    const model = await llama.loadModel({ modelPath: options.file });
    const contextSize = Math.min(options.contextTokens, model.trainContextSize);
    const context = await model.createContext({
      contextSize,
      sequences: options.conversations,
      threads: { ideal: threads, min: threads },
    });
    const sequences = Array.from({ length: options.conversations }, () => context.getSequence());
    return new ChatEngine(
      llama,
      model,
      sequences,
      (contextSequence) => new LlamaChat({ contextSequence }),
      contextSize,
    );
  }

  /**
   * Goes on after `messages`, whose last item is the model's answer so far. `onText` gets the words as they
   * come (also the JSON of a bound form, never that of a call). An abort stops the model between two tokens
   * and rejects with the signal's reason.
   */
  async say(
    messages: ChatHistoryItem[],
    form: Form,
    settings: ChatSettings,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<Said> {
    const history = form.kind === 'call' ? [callsIn(form.functions), ...messages] : messages;
    const grammar = await this.#grammarOf(form);
    const sequence = await this.#takeSequence(signal);
    const chat = this.#newChat(sequence);
    try {
      const functions = form.kind === 'text-or-call' ? form.functions : undefined;
      const rendered = chat.chatWrapper.generateContextState({
        chatHistory: history,
        ...(functions === undefined ? {} : { availableFunctions: functions, documentFunctionParams: true }),
      });
      const promptTokens = rendered.contextText.tokenize(this.#model.tokenizer).length;
      const room = this.contextTokens - promptTokens;
      if (room < 1) {
        throw new Refusal(
          400,
          'context_length_exceeded',
          `messages: ${promptTokens} tokens, and this model's context holds ${this.contextTokens}.`,
          'messages',
        );
      }
      const before = sequence.tokenMeter.getState();
      const answer = await chat.generateResponse(history, {
        ...(form.kind === 'text-or-call'
          ? {
              functions: form.functions,
              documentFunctionParams: true,
              ...(form.parallel ? {} : { maxParallelFunctionCalls: 1 }),
            }
          : grammar === null
            ? {}
            : { grammar }),
        ...(form.kind === 'call' ? {} : { onTextChunk: onText }),
        maxTokens: Math.min(settings.maxTokens, room),
        temperature: settings.temperature,
        topP: settings.topP,
        ...(settings.seed === null ? {} : { seed: settings.seed }),
        repeatPenalty:
          settings.frequencyPenalty === 0 && settings.presencePenalty === 0
            ? false
            : {
                penalty: 1,
                frequencyPenalty: settings.frequencyPenalty,
                presencePenalty: settings.presencePenalty,
              },
        customStopTriggers: settings.stop,
        budgets: { thoughtTokens: 0 },
        signal,
      });
      const completionTokens = sequence.tokenMeter.diff(before).usedOutputTokens;
      const ended = answer.metadata.stopReason === 'maxTokens' ? 'length' : 'stop';
      if (form.kind === 'call' && ended === 'stop') {
        const { name, arguments: given } = JSON.parse(answer.response);
        return {
          text: '',
          calls: [{ name, arguments: JSON.stringify(given) }],
          stopped: 'tool_calls',
          promptTokens,
          completionTokens,
        };
      }
      const made: readonly { functionName: string; params: unknown }[] = answer.functionCalls ?? [];
      return {
        text: form.kind === 'call' ? '' : answer.response,
        calls: made.map((call) => ({
          name: call.functionName,
          arguments: JSON.stringify(call.params ?? {}),
        })),
        stopped: made.length > 0 ? 'tool_calls' : ended,
        promptTokens,
        completionTokens,
      };
    } finally {
      chat.dispose();
      this.#giveBack(sequence);
    }
  }

  async #grammarOf(form: Form): Promise<LlamaGrammar | null> {
    if (form.kind !== 'json' && form.kind !== 'call') return null;
    if (form.schema === null) return this.#llama.getGrammarFor('json');
    return this.#llama.createGrammarForJsonSchema<GbnfJsonSchema>(form.schema);
  }

  #takeSequence(signal: AbortSignal): Promise<LlamaContextSequence> {
    signal.throwIfAborted();
    const free = this.#free.pop();
    if (free !== undefined) return Promise.resolve(free);
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      signal.addEventListener(
        'abort',
        () => {
          const place = this.#waiting.indexOf(resolve);
          if (place < 0) return;
          this.#waiting.splice(place, 1);
          reject(signal.reason);
        },
        { once: true },
      );
    });
  }

  #giveBack(sequence: LlamaContextSequence): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(sequence);
    else next(sequence);
  }
}

/** Under a grammar llama.cpp does not say which functions there are, so this does. */
const callsIn = (functions: ChatModelFunctions): ChatHistoryItem => ({
  type: 'system',
  text: [
    'Answer with one call of one of these functions, as JSON: {"name": …, "arguments": {…}}.',
    ...Object.entries(functions).map(([name, { description, params }]) =>
      JSON.stringify({ name, description, parameters: params }),
    ),
  ].join('\n'),
});
