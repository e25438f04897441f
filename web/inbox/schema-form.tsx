import { useId } from 'react';

/** A form made from values and, where there is one, their JSON Schema. What has no simple field is edited as JSON. */
export interface Field {
  readonly name: string;
  readonly kind: 'text' | 'lines' | 'number' | 'boolean' | 'choice' | 'json';
  readonly choices: readonly string[];
  readonly hint: string | null;
  readonly required: boolean;
  /** The value is this field's, not an object with this field in it. */
  readonly whole: boolean;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The name of the one field of a value or a schema that is not an object; what it holds is the whole answer. */
export const WHOLE = 'answer';

/** Any JSON by the names of its fields. */
export const valuesOf = (value: unknown): Readonly<Record<string, unknown>> =>
  isRecord(value) ? value : value == null ? {} : { [WHOLE]: value };

/** A field for each member of the value and each property; for anything but an object, one field that is `whole`. */
export function fieldsOf(schema: unknown, value: unknown): readonly Field[] {
  const known = isRecord(schema) ? schema : {};
  const properties = isRecord(known.properties) ? known.properties : {};
  const required: readonly unknown[] = Array.isArray(known.required) ? known.required : [];
  const members = isRecord(value) ? Object.keys(value) : [];
  const names = [...new Set([...members, ...Object.keys(properties)])];
  if (names.length === 0) return [{ ...fieldOf(known, value), name: WHOLE, required: true, whole: true }];
  return names.map((name) => ({
    ...fieldOf(properties[name], isRecord(value) ? value[name] : undefined),
    name,
    required: required.includes(name),
    whole: false,
  }));
}

/** What a form that holds these texts says. Throws with the name of a field that does not hold what it should. */
export function formValue(fields: readonly Field[], texts: Readonly<Record<string, string>>): unknown {
  const [first] = fields;
  if (first?.whole === true) return understood(first, texts[first.name] ?? '');
  return Object.fromEntries(
    fields.flatMap((field) => {
      const text = texts[field.name] ?? '';
      return text === '' && !field.required ? [] : [[field.name, understood(field, text)] as const];
    }),
  );
}

function fieldOf(schema: unknown, value: unknown): Pick<Field, 'kind' | 'choices' | 'hint'> {
  const property = isRecord(schema) ? schema : {};
  const choices = Array.isArray(property.enum) ? property.enum.filter((one) => typeof one === 'string') : [];
  return {
    kind: choices.length > 0 ? 'choice' : kindOf(property.type ?? typeof value, value),
    choices,
    hint: typeof property.description === 'string' ? property.description : null,
  };
}

/** Longer texts, and those with lines of their own, are written in an area that keeps the lines. */
const LONG_TEXT = 80;

function kindOf(type: unknown, value: unknown): Field['kind'] {
  switch (type) {
    case 'string':
      return typeof value === 'string' && (value.includes('\n') || value.length > LONG_TEXT)
        ? 'lines'
        : 'text';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'json';
  }
}

/** As text, which is what fields hold. */
export const written = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** From text; throws with the field's name where the text is not what the field holds. */
function understood(field: Field, text: string): unknown {
  switch (field.kind) {
    case 'number': {
      const number = Number(text);
      if (text.trim() === '' || !Number.isFinite(number)) throw new Error(`${field.name} must be a number.`);
      return number;
    }
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw new Error(`${field.name}: choose true or false.`);
      return text === 'true';
    case 'choice':
      if (!field.choices.includes(text)) throw new Error(`${field.name}: choose one.`);
      return text;
    case 'json':
      try {
        return JSON.parse(text);
      } catch {
        throw new Error(`${field.name} must be JSON.`);
      }
    default:
      return text;
  }
}

const control =
  'w-full rounded-small border border-line-strong bg-paper px-3 text-base read-only:bg-transparent';

export function SchemaForm({
  fields,
  texts,
  onChange,
  first,
}: {
  readonly fields: readonly Field[];
  readonly texts: Readonly<Record<string, string>>;
  readonly onChange: (name: string, text: string) => void;
  /** Takes the focus when the form opens. */
  readonly first?: (element: HTMLElement | null) => void;
}) {
  const form = useId();
  return (
    <div className="space-y-4">
      {fields.map((field, position) => {
        const id = `${form}-${field.name}`;
        const text = texts[field.name] ?? '';
        const focus = position === 0 && first !== undefined ? { ref: first } : {};
        return (
          <div key={field.name}>
            <label htmlFor={id} className="mb-1 block font-medium">
              {field.name}
              {field.required ? null : <span className="font-normal text-ink-faint"> optional</span>}
            </label>
            {field.kind === 'boolean' || field.kind === 'choice' ? (
              <select
                id={id}
                {...focus}
                value={text}
                onChange={(event) => onChange(field.name, event.target.value)}
                className={`${control} h-8 max-desk:h-10`}
              >
                {text === '' ? <option value="">Choose …</option> : null}
                {(field.kind === 'boolean' ? ['true', 'false'] : field.choices).map((choice) => (
                  <option key={choice}>{choice}</option>
                ))}
              </select>
            ) : field.kind === 'json' || field.kind === 'lines' ? (
              <textarea
                id={id}
                {...focus}
                value={text}
                rows={Math.min(16, Math.max(4, text.split('\n').length + 1))}
                onChange={(event) => onChange(field.name, event.target.value)}
                className={`${control} py-2 ${field.kind === 'json' ? 'font-mono' : ''}`}
              />
            ) : (
              <input
                id={id}
                {...focus}
                value={text}
                inputMode={field.kind === 'number' ? 'decimal' : 'text'}
                onChange={(event) => onChange(field.name, event.target.value)}
                className={`${control} numbers h-8 max-desk:h-10`}
              />
            )}
            {field.hint === null ? null : <p className="mt-1 text-small text-ink-faint">{field.hint}</p>}
          </div>
        );
      })}
    </div>
  );
}
