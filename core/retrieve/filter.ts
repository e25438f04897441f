/** OpenAI's attribute filters. An attribute that a file does not have matches only `ne` and `nin`. */
export type AttributeValue = string | number | boolean;
export type FileAttributes = Readonly<Record<string, AttributeValue>>;

export interface Comparison {
  readonly type: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte';
  readonly key: string;
  readonly value: AttributeValue;
}

export interface Membership {
  readonly type: 'in' | 'nin';
  readonly key: string;
  readonly value: readonly (string | number)[];
}

export interface Compound {
  readonly type: 'and' | 'or';
  readonly filters: readonly Filter[];
}

export type Filter = Comparison | Membership | Compound;
