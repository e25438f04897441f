import type { Afford } from '../access/meter.ts';
import type { Span } from '../telemetry/trace.ts';

/** One stretch of work on a document: where it is traced, and on whose money its calls are made. */
export interface Turn {
  readonly span: Span;
  readonly afford: Afford;
}
