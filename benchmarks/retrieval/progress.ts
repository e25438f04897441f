/** Progress on standard error, so that standard output holds the table alone; plain lines without a terminal. */
export interface Progress {
  /** Replaces what was shown before. */
  show(text: string): void;
  /** Stays. */
  say(text: string): void;
}

/** Without a terminal, at most one passing line in so many milliseconds. */
const QUIET = 15_000;

export function progressOn(stream: NodeJS.WriteStream, now: () => number): Progress {
  let last = Number.NEGATIVE_INFINITY;
  const clear = stream.isTTY ? '\r\u001b[K' : '';
  return {
    show(text) {
      if (stream.isTTY) stream.write(`${clear}${text}`);
      else if (now() - last >= QUIET) {
        last = now();
        stream.write(`${text}\n`);
      }
    },
    say(text) {
      stream.write(`${clear}${text}\n`);
    },
  };
}
