import type { FieldPolicy, FieldRule } from '../../contract/field-policy.ts';
import type { Extras, TuningField } from '../../core/answer/extras.ts';
import type { AnswerEvent } from '../../core/answer/request.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { invalid } from '../../core/failure.ts';
import type { FieldNames } from '../../core/models/request-fields.ts';
import type { Context } from './context.ts';

type Body = Readonly<Record<string, unknown>>;

/**
 * Sorts the fields of a body by its dialect's table (contract/field-policy.ts). A field under which the table has
 * entries (`text`, of `text.format`) is walked; a field that the table does not know is unknown.
 * @throws Failure `invalid_request` for a field that is refused, by name.
 */
export function applyPolicy(table: FieldPolicy, body: Body): Extras {
  const tuning: TuningField[] = [];
  const noted: string[] = [];
  const unknown: Record<string, unknown> = {};
  const parents = new Set(
    Object.keys(table).flatMap((path) => (path.includes('.') ? [path.split('.')[0]] : [])),
  );
  const visit = (fields: Body, prefix: string) => {
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined || value === null) continue;
      const field = `${prefix}${name}`;
      const rule = table[field];
      if (rule === undefined && parents.has(field)) visit(value as Body, `${field}.`);
      else if (rule === undefined) unknown[field] = value;
      else if (isNeutral(rule, value)) continue;
      else if (rule.policy === 'passed') tuning.push({ field, as: rule.as ?? name, value });
      else if (rule.policy === 'noted') noted.push(field);
      else if (rule.policy === 'refused') throw refuse(field, rule);
    }
  };
  visit(body, '');
  return { tuning, unknown, noted };
}

type Shown = Exclude<AnswerEvent, { readonly type: 'ignored' }>;

/**
 * The events of an answer, with the fields of its body that have no effect in a header: those that the table knows, and
 * those that the model turns out not to take, which it says before the first piece of its answer.
 */
export function withIgnored(
  c: Context,
  events: AsyncIterable<AnswerEvent>,
  names: FieldNames,
  ignored: readonly string[],
): AsyncGenerator<Shown> {
  const all = new Set(ignored);
  const name = () => {
    if (all.size > 0) c.header('x-selvedge-ignored', [...all].join(', '));
  };
  name();
  return (async function* () {
    for await (const event of events) {
      if (event.type !== 'ignored') yield event;
      else {
        for (const field of event.fields) all.add(names[field]);
        name();
      }
    }
  })();
}

const isNeutral = ({ neutral = [] }: FieldRule, value: unknown): boolean =>
  neutral.some((one) => canonicalJson(one) === canonicalJson(value));

function refuse(field: string, { remark, neutral = [] }: FieldRule) {
  const than = neutral.length === 0 ? '' : ` with another value than ${JSON.stringify(neutral[0])}`;
  return invalid(
    field,
    `The field '${field}'${than} is not supported${remark === undefined ? '' : `: ${remark}`}.`,
  );
}
