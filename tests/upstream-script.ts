/** How the upstream answers one call. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds before the first write: a model that thinks. */
  readonly pause?: number;
  /** Sent as they are, one write each; a `data:` line of a stream brings its own blank line. */
  readonly writes: readonly string[];
  /** After the writes the answer ends, or the connection breaks. */
  readonly ending?: 'end' | 'drop';
}

export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}
