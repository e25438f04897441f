/**
 * Workers AI's errors as its binding throws them: an `InferenceUpstreamError` whose message begins with the
 * internal code (https://developers.cloudflare.com/workers-ai/platform/errors/). Callers, `workers-ai-provider`
 * among them, read the code from the text, so the text is the interface; a thrown error also keeps nothing else
 * on its way over RPC.
 */
export class WorkersAiError extends Error {
  override readonly name = 'InferenceUpstreamError';
  /** The status of the same error over REST, and of a raw response. */
  readonly status: number;

  constructor(code: number, status: number, message: string) {
    super(`${code}: ${message}`);
    this.status = status;
  }
}

export const noSuchModel = (model: string, reason: string | null = null): WorkersAiError =>
  new WorkersAiError(5007, 400, `No such model ${model} or task${reason === null ? '' : `. ${reason}`}`);

export const badInput = (message: string): WorkersAiError =>
  new WorkersAiError(5006, 400, `Error: ${message}`);

export const jsonModeNotMet = (): WorkersAiError =>
  new WorkersAiError(5024, 400, "JSON Mode couldn't be met");

export const outOfCapacity = (reason: string): WorkersAiError =>
  new WorkersAiError(3040, 429, `Capacity temporarily exceeded, please try again. (${reason})`);

export const notLocal = (what: string): Error =>
  new Error(`${what} is not part of the local Cloudflare account (local/account).`);
