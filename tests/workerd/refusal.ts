import { errorMessage } from '../../core/error-message.ts';

/**
 * The message that a call over RPC is refused with. Vitest's `rejects` looks at properties of the promise, and each
 * look at an RPC promise is a call of its own, whose refusal nobody handles.
 */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return errorMessage(error);
  }
  return 'It was not refused.';
}
