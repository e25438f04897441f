import type { AttributeValue, Comparison, Filter, Membership } from '../../core/retrieve/filter.ts';

/** A piece of SQL and what is bound to its question marks, in order. */
export interface Condition {
  readonly sql: string;
  readonly bound: readonly (string | number)[];
}

/**
 * A filter as a condition on the row of `documents` named `document`.
 *
 * An attribute is looked up as a row of `json_each`, not by a JSON path: a key such as `$`, `a.b` or `"` is then
 * only a string to compare with. Types are respected: the number 5 is neither the text '5' nor `true`, and what
 * cannot be compared does not match, as if the attribute were missing.
 */
export function filterCondition(filter: Filter | null): Condition {
  if (filter === null) return { sql: '1', bound: [] };
  switch (filter.type) {
    case 'and':
    case 'or': {
      const parts = filter.filters.map(filterCondition);
      return {
        sql: `(${parts.map((part) => part.sql).join(filter.type === 'and' ? ' AND ' : ' OR ')})`,
        bound: parts.flatMap((part) => part.bound),
      };
    }
    case 'in':
      return member(filter);
    case 'nin':
      return not(member(filter));
    case 'ne':
      return not(comparison(filter, '='));
    case 'eq':
      return comparison(filter, '=');
    case 'gt':
      return comparison(filter, '>');
    case 'gte':
      return comparison(filter, '>=');
    case 'lt':
      return comparison(filter, '<');
    case 'lte':
      return comparison(filter, '<=');
  }
}

const attribute = (test: string): string =>
  `EXISTS (SELECT 1 FROM json_each(document.attributes) AS a WHERE a.key = ? AND ${test})`;

const not = (condition: Condition): Condition => ({ ...condition, sql: `NOT ${condition.sql}` });

function comparison({ key, value }: Comparison, operator: string): Condition {
  const types = jsonTypes(value);
  const test = `a.type IN (${types}) AND a.value ${operator} ?`;
  // json_each gives true as 1 and false as 0.
  return { sql: attribute(test), bound: [key, typeof value === 'boolean' ? Number(value) : value] };
}

/** The values travel as one JSON array: a long list costs one of D1's 100 bound parameters. */
const member = ({ key, value }: Membership): Condition => ({
  sql: attribute(
    `a.type IN ('text', 'integer', 'real') AND a.value IN (SELECT wanted.value FROM json_each(?) AS wanted)`,
  ),
  bound: [key, JSON.stringify(value)],
});

function jsonTypes(value: AttributeValue): string {
  switch (typeof value) {
    case 'string':
      return `'text'`;
    case 'number':
      return `'integer', 'real'`;
    case 'boolean':
      return `'true', 'false'`;
  }
}
