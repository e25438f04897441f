/**
 * What is said of an error in a row, a span or a log.
 *
 *  SEC-17 It never holds the values of a database query. The database library puts them all into its message, and they
 *         are people's texts: a question, an answer, the name of a file.
 */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!isQueryError(error)) return error.message;
  // The text with its placeholders is ours; long lists of columns say nothing more.
  return `Query failed: ${error.query.slice(0, LONGEST_QUERY)}: ${errorMessage(error.cause ?? 'no reason given')}`;
}

const LONGEST_QUERY = 200;

/** The message with the stack, for the operator's log. */
export function errorReport(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A stack begins with the message, which may have several lines.
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${errorMessage(error)}`, ...frames].join('\n');
}

/** As Drizzle throws it; told by its shape, for the core knows no database library. */
const isQueryError = (error: Error): error is Error & { readonly query: string } =>
  'query' in error && typeof error.query === 'string' && 'params' in error;
