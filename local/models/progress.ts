import { SingleBar } from 'cli-progress';

/** Tells a person what is being fetched. */
export interface Progress {
  say(line: string): void;
  /** `total` may be corrected by the source's own figure. */
  moved(what: string, bytes: number, total: number): void;
  /** The bar, if there is one, is done; the next `moved` begins another. */
  done(): void;
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);

/** A bar on a terminal; elsewhere a plain line at every tenth. */
export const progressOn = (stream: NodeJS.WriteStream): Progress =>
  stream.isTTY ? bar(stream) : lines(stream);

function bar(stream: NodeJS.WriteStream): Progress {
  let current: SingleBar | null = null;
  return {
    say: (line) => void stream.write(`${line}\n`),
    moved(what, bytes, total) {
      if (current === null) {
        current = new SingleBar({
          stream,
          format: '  {what} {bar} {percentage} % · {done} of {size} MB · {eta_formatted} left',
          barCompleteChar: '━',
          barIncompleteChar: '─',
          barsize: 30,
          hideCursor: true,
          gracefulExit: false,
        });
        current.start(total, 0, { what, done: '0', size: megabytes(total) });
      }
      current.setTotal(total);
      current.update(bytes, { what, done: megabytes(bytes), size: megabytes(total) });
    },
    done() {
      current?.stop();
      current = null;
    },
  };
}

function lines(stream: NodeJS.WriteStream): Progress {
  let said = -1;
  return {
    say: (line) => void stream.write(`${line}\n`),
    moved(what, bytes, total) {
      const tenth = Math.floor((10 * bytes) / total);
      if (tenth <= said) return;
      said = tenth;
      stream.write(`  ${what}: ${megabytes(bytes)} of ${megabytes(total)} MB\n`);
    },
    done() {
      said = -1;
    },
  };
}
