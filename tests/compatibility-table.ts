import type { FieldPolicy, FieldRule, Policy } from '../contract/field-policy.ts';

const order: readonly Policy[] = ['applied', 'passed', 'noted', 'refused'];

const cell = ({ neutral, remark }: FieldRule): string =>
  [
    ...(remark === undefined ? [] : [remark]),
    ...(neutral === undefined
      ? []
      : [`as if absent: ${neutral.map((one) => `\`${JSON.stringify(one)}\``).join(', ')}`]),
  ].join('; ');

/** The table of a dialect's fields as the documentation has it. */
export const compatibilityTable = (table: FieldPolicy): string =>
  [
    '| Field | What becomes of it | |',
    '|---|---|---|',
    ...Object.entries(table)
      .toSorted(
        ([a, { policy: one }], [b, { policy: other }]) =>
          order.indexOf(one) - order.indexOf(other) || a.localeCompare(b),
      )
      .map(([field, rule]) => `| \`${field}\` | ${rule.policy} | ${cell(rule)} |`),
  ].join('\n');
