import { useId } from 'react';
import type { JsonSchema } from '../service/agents.ts';

/** A form made from values and, where there is one, their JSON Schema. What has no simple field is edited as JSON. */
export interface Field {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'choice' | 'json';
  readonly choices: readonly string[];
  readonly hint: string | null;
  readonly required: boolean;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The name of the one field of a schema that is no object; its value is the whole answer. */
export const WHOLE = 'answer';

/** A field for each value and each property; for a schema without properties one field, called `WHOLE`. */
export function fieldsOf(
  schema: JsonSchema | null,
  values: Readonly<Record<string, unknown>>,
): readonly Field[] {
  const properties = isRecord(schema?.properties) ? schema.properties : {};
  const required: readonly unknown[] = Array.isArray(schema?.required) ? schema.required : [];
  const names = [...new Set([...Object.keys(values), ...Object.keys(properties)])];
  if (names.length === 0 && schema !== null) {
    return [{ name: WHOLE, kind: kindOf(schema.type), choices: [], hint: null, required: true }];
  }
  return names.map((name) => {
    const property = isRecord(properties[name]) ? properties[name] : {};
    const choices = Array.isArray(property.enum)
      ? property.enum.filter((one) => typeof one === 'string')
      : [];
    return {
      name,
      kind: choices.length > 0 ? 'choice' : kindOf(property.type ?? typeof values[name]),
      choices,
      hint: typeof property.description === 'string' ? property.description : null,
      required: required.includes(name),
    };
  });
}

function kindOf(type: unknown): Field['kind'] {
  switch (type) {
    case 'string':
      return 'text';
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
export function understood(field: Field, text: string): unknown {
  switch (field.kind) {
    case 'number': {
      const number = Number(text);
      if (text.trim() === '' || !Number.isFinite(number)) throw new Error(`${field.name} must be a number.`);
      return number;
    }
    case 'boolean':
      return text === 'true';
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
                {(field.kind === 'boolean' ? ['true', 'false'] : field.choices).map((choice) => (
                  <option key={choice}>{choice}</option>
                ))}
              </select>
            ) : field.kind === 'json' ? (
              <textarea
                id={id}
                {...focus}
                value={text}
                rows={4}
                onChange={(event) => onChange(field.name, event.target.value)}
                className={`${control} py-2 font-mono`}
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
