/**
 * Vectorize's errors as its binding throws them, `VECTOR_QUERY_ERROR (code = 40025): …`. The codes and texts are
 * those that the service has been seen to answer with; a limit without a published code carries none.
 */
export type Operation = 'QUERY' | 'INSERT' | 'UPSERT' | 'GET' | 'DELETE';

export const vectorizeError = (operation: Operation, message: string, code?: number): Error =>
  new Error(`VECTOR_${operation}_ERROR${code === undefined ? '' : ` (code = ${code})`}: ${message}`);
