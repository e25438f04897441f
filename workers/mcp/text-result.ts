import type { CallToolResult } from '@modelcontextprotocol/server';
import { Failure } from '../../core/failure.ts';

/** A tool's result for models (text) and for programs (the same as JSON). */
export const resultOf = (text: string, structured: object): CallToolResult => ({
  content: [{ type: 'text', text }],
  structuredContent: structured as Record<string, unknown>,
});

/**
 * A refusal that the model behind the client can read and act on. A bug is thrown on: the SDK answers it as an error of
 * the protocol, without its text.
 */
export async function refusalsAsResults(work: () => Promise<CallToolResult>): Promise<CallToolResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { isError: true, content: [{ type: 'text', text: error.message }] };
  }
}
