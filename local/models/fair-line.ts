/**
 * Who is served next on a machine with few cores. Work comes as jobs of many small items (a search embeds one
 * text, an ingestion two hundred); the servers take one item at a time.
 *
 * The job with the least left to do goes first, so that a question never waits for a document; every fourth
 * turn belongs to the job that has waited longest, so that questions without end cannot starve a document.
 */
export class FairLine<Item, Result> {
  readonly #cost: (item: Item) => number;
  readonly #jobs: Job<Item, Result>[] = [];
  readonly #idle: Server<Item, Result>[];
  #turn = 0;

  /** `cost` is in any one unit; only the order of sums matters. */
  constructor(servers: readonly Server<Item, Result>[], cost: (item: Item) => number) {
    this.#cost = cost;
    this.#idle = [...servers];
  }

  /** The results in the order of the items. Rejects with the first error, or with the signal's reason. */
  run(items: readonly Item[], signal: AbortSignal): Promise<Result[]> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (items.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const job = new Job(items, this.#cost, resolve, reject);
      signal.addEventListener('abort', () => this.#fail(job, signal.reason), { once: true });
      this.#jobs.push(job);
      this.#serve();
    });
  }

  #serve(): void {
    for (;;) {
      const job = this.#next();
      const server = job === undefined ? undefined : this.#idle.pop();
      if (job === undefined || server === undefined) return;
      const { item, position } = job.take();
      if (job.handedOut) this.#leave(job);
      server(item)
        .then(
          (result) => job.deliver(position, result),
          (error: unknown) => this.#fail(job, error),
        )
        .finally(() => {
          this.#idle.push(server);
          this.#serve();
        });
    }
  }

  #next(): Job<Item, Result> | undefined {
    const oldest = this.#jobs[0];
    if (oldest === undefined || this.#idle.length === 0) return undefined;
    this.#turn += 1;
    if (this.#turn % 4 === 0) return oldest;
    return this.#jobs.reduce((least, job) => (job.costLeft < least.costLeft ? job : least), oldest);
  }

  #fail(job: Job<Item, Result>, reason: unknown): void {
    this.#leave(job);
    job.reject(reason);
  }

  #leave(job: Job<Item, Result>): void {
    const place = this.#jobs.indexOf(job);
    if (place >= 0) this.#jobs.splice(place, 1);
  }
}

export type Server<Item, Result> = (item: Item) => Promise<Result>;

class Job<Item, Result> {
  readonly reject: (reason: unknown) => void;
  readonly #resolve: (results: Result[]) => void;
  readonly #cost: (item: Item) => number;
  readonly #results: Result[];
  readonly #waiting: { item: Item; position: number }[];
  #undelivered: number;
  costLeft: number;

  constructor(
    items: readonly Item[],
    cost: (item: Item) => number,
    resolve: (results: Result[]) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#cost = cost;
    this.#resolve = resolve;
    this.reject = reject;
    this.#results = new Array(items.length);
    this.#waiting = items.map((item, position) => ({ item, position })).reverse();
    this.#undelivered = items.length;
    this.costLeft = items.reduce((sum, item) => sum + cost(item), 0);
  }

  get handedOut(): boolean {
    return this.#waiting.length === 0;
  }

  take(): { item: Item; position: number } {
    const next = this.#waiting.pop();
    if (next === undefined) throw new Error('A job without waiting items stood in the line.');
    this.costLeft -= this.#cost(next.item);
    return next;
  }

  deliver(position: number, result: Result): void {
    this.#results[position] = result;
    this.#undelivered -= 1;
    if (this.#undelivered === 0) this.#resolve(this.#results);
  }
}
