import type { CallToolResult } from '@modelcontextprotocol/server';
import { Failure } from '../../core/failure.ts';
import type { Context } from '../http/context.ts';

/** A tool's result for models (text) and for programs (the same as JSON). */
export const resultOf = (text: string, structured: object): CallToolResult => ({
  content: [{ type: 'text', text }],
  structuredContent: structured as Record<string, unknown>,
});

/**
 * A refusal that the model behind the client can read and act on; the row of the request has it as its error. A bug is
 * thrown on: the SDK answers it as an error of the protocol, without its text. The request is not over, and not paid for, before
 * the tool is.
 */
export function refusalsAsResults(c: Context, work: () => Promise<CallToolResult>): Promise<CallToolResult> {
  const result = refusalAsResult(c, work);
  c.var.unfinished.push(result);
  return result;
}

async function refusalAsResult(c: Context, work: () => Promise<CallToolResult>): Promise<CallToolResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    c.error = error;
    return { isError: true, content: [{ type: 'text', text: error.message }] };
  }
}
