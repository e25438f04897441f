import { invalid } from '../failure.ts';

/** OpenAI's cursor paging: a slice behind `after` or before `before`, by `created_at`, then id. */
export interface Listing {
  /** 1…100. */
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after: string | null;
  readonly before: string | null;
}

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly hasMore: boolean;
}

/** A cursor that names nothing in the list: refused, because an empty page would look like its end. */
export const unknownCursor = (param: 'after' | 'before', id: string) =>
  invalid(param, `'${param}' names nothing in this list: '${id}'.`);
