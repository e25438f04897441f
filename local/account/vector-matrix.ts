/**
 * The vectors of one namespace, of length one, in one float32 array: exact cosine search is then a dot product
 * a row. Rows are dense; a removed row is replaced by the last one, so the order means nothing.
 */
export class VectorMatrix<Tag> {
  readonly #dimensions: number;
  readonly #rows = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #tags: Tag[] = [];
  #values: Float32Array<ArrayBuffer>;

  constructor(dimensions: number, capacity: number) {
    this.#dimensions = dimensions;
    this.#values = new Float32Array(Math.max(64, capacity) * dimensions);
  }

  /** Adds or replaces. A zero vector stays zero and scores 0 with everything. */
  put(id: string, values: Float32Array, tag: Tag): void {
    const row = this.#rows.get(id) ?? this.#ids.length;
    if (row === this.#ids.length) {
      this.#makeRoom();
      this.#ids.push(id);
      this.#rows.set(id, row);
    }
    this.#tags[row] = tag;
    const scale = 1 / (norm(values) || 1);
    const at = row * this.#dimensions;
    for (let i = 0; i < this.#dimensions; i += 1) this.#values[at + i] = (values[i] ?? 0) * scale;
  }

  remove(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    this.#rows.delete(id);
    const lastId = this.#ids.pop();
    const lastTag = this.#tags.pop();
    if (lastId === undefined || lastTag === undefined || lastId === id) return;
    const last = this.#ids.length * this.#dimensions;
    this.#values.copyWithin(row * this.#dimensions, last, last + this.#dimensions);
    this.#ids[row] = lastId;
    this.#tags[row] = lastTag;
    this.#rows.set(lastId, row);
  }

  /** Offers every row that `accepts` lets through to `best`. */
  search(query: Float32Array, accepts: (tag: Tag) => boolean, best: Best): void {
    const length = norm(query) || 1;
    const unit = query.map((value) => value / length);
    this.#ids.forEach((id, row) => {
      if (accepts(this.#tags[row] as Tag)) best.offer(id, this.#dot(unit, row * this.#dimensions));
    });
  }

  #dot(unit: Float32Array, at: number): number {
    const values = this.#values;
    let sum = 0;
    for (let i = 0; i < unit.length; i += 1) sum += (unit[i] as number) * (values[at + i] as number);
    return sum;
  }

  #makeRoom(): void {
    if (this.#ids.length * this.#dimensions < this.#values.length) return;
    const grown = new Float32Array(Math.ceil(this.#ids.length * 1.5) * this.#dimensions);
    grown.set(this.#values);
    this.#values = grown;
  }
}

const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** The `limit` highest scores; of equal ones, the ones offered first. */
export class Best {
  readonly #limit: number;
  readonly #scored: { readonly id: string; readonly score: number }[] = [];
  #lowest = Number.NEGATIVE_INFINITY;

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(id: string, score: number): void {
    const full = this.#scored.length === this.#limit;
    if (full && score <= this.#lowest) return;
    if (full) this.#scored.pop();
    let at = this.#scored.length;
    while (at > 0 && (this.#scored[at - 1]?.score ?? 0) < score) at -= 1;
    this.#scored.splice(at, 0, { id, score });
    this.#lowest = this.#scored.at(-1)?.score ?? this.#lowest;
  }

  get scored(): readonly { readonly id: string; readonly score: number }[] {
    return this.#scored;
  }
}
