import type { Draft } from '../block.ts';
import { parseText } from './text.ts';

/** A property of an iCalendar or vCard object (RFC 5545 and 6350, 3.1). */
interface Property {
  readonly name: string;
  readonly parameters: string;
  readonly value: string;
}

/** What is for machines: identifiers, pictures, keys, rules of time zones. */
const skipped = new Set(
  'BEGIN END VERSION PRODID UID DTSTAMP CREATED LAST-MODIFIED SEQUENCE TRANSP PHOTO LOGO KEY SOUND REV CLASS METHOD CALSCALE N FN SUMMARY TZID TZOFFSETFROM TZOFFSETTO TZNAME ACTION TRIGGER PRIORITY'.split(
    ' ',
  ),
);

const labels: Readonly<Record<string, string>> = {
  DTSTART: 'Start',
  DTEND: 'End',
  DUE: 'Due',
  RRULE: 'Repeats',
  ORG: 'Organisation',
  TEL: 'Phone',
  EMAIL: 'E-mail',
  ADR: 'Address',
  BDAY: 'Birthday',
};

/** Appointments, tasks and contacts: each under its name, a line for each thing that is said of it. */
export function* parseCards(text: string): Iterable<Draft> {
  let properties: Property[] = [];
  let kind = '';
  let found = false;
  for (const property of propertiesIn(text)) {
    const value = property.value.toUpperCase();
    if (property.name === 'BEGIN' && kinds.has(value)) {
      kind = value;
      properties = [];
    } else if (property.name === 'END' && value === kind) {
      found = true;
      yield* blocksOf(properties);
      kind = '';
    } else if (kind !== '') properties.push(property);
  }
  // A calendar of something else (free hours, rules of a time zone) is the text that it is.
  if (!found) yield* parseText(text);
}

const kinds = new Set(['VEVENT', 'VTODO', 'VJOURNAL', 'VCARD']);

function* blocksOf(properties: readonly Property[]): Iterable<Draft> {
  const named = (name: string) => properties.find((one) => one.name === name)?.value;
  const title = named('SUMMARY') ?? named('FN') ?? named('N')?.replace(/;+/g, ' ').trim() ?? '';
  if (title !== '') yield { text: title, block: 'heading', level: 1 };
  const lines = properties
    .filter(({ name, value }) => value.trim() !== '' && !skipped.has(name) && !name.startsWith('X-'))
    .map((property) => `${labelOf(property)}: ${shown(property)}`);
  if (lines.length > 0) yield { text: lines.join('\n'), block: 'paragraph' };
}

function labelOf({ name, parameters }: Property): string {
  const label = labels[name] ?? `${name.charAt(0)}${name.slice(1).toLowerCase()}`;
  const [, kind = ''] = /;TYPE="?([\w,-]+)/i.exec(parameters) ?? [];
  return kind === '' ? label : `${label} (${kind.toLowerCase().replaceAll(',', ', ')})`;
}

function shown({ name, parameters, value }: Property): string {
  const [, person] = /;CN="?([^";:]+)/i.exec(parameters) ?? [];
  if (person !== undefined) return `${person} (${value.replace(/^mailto:/i, '')})`;
  const [, year, month, day, hour, minute, zone = ''] =
    /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{2}(Z)?)?$/.exec(value) ?? [];
  if (year !== undefined) {
    const [, named = ''] = /;TZID="?([^";:]+)/i.exec(parameters) ?? [];
    const place = zone === 'Z' ? ' UTC' : named === '' ? '' : ` ${named}`;
    return `${year}-${month}-${day}${hour === undefined ? '' : ` ${hour}:${minute}${place}`}`;
  }
  if (name === 'ADR' || name === 'ORG') {
    return value
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .join(', ');
  }
  return value.replace(/^mailto:/i, '');
}

/** Lines that go on behind a line break and a space; values with their escapes undone. */
function* propertiesIn(text: string): Iterable<Property> {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(/=\n/g, (end) => (/QUOTED-PRINTABLE/i.test(text) ? '' : end))
    .replace(/\n[ \t]/g, '')
    .split('\n');
  for (const line of lines) {
    const [, name = '', parameters = '', value = ''] =
      /^(?:[\w-]+\.)?([\w-]+)((?:;(?:"[^"]*"|[^":])*)?):(.*)$/.exec(line) ?? [];
    if (name === '') continue;
    const plain = /ENCODING=QUOTED-PRINTABLE/i.test(parameters) ? quotedPrintable(value) : value;
    yield {
      name: name.toUpperCase(),
      parameters,
      value: plain.replace(/\\([nN,;\\])/g, (_, sign: string) => (sign.toLowerCase() === 'n' ? '\n' : sign)),
    };
  }
}

const quotedPrintable = (value: string): string => {
  const bytes = Array.from(value.matchAll(/=([0-9A-F]{2})|([\s\S])/gi), ([, hex, plain = '']) =>
    hex === undefined ? [...new TextEncoder().encode(plain)] : [Number.parseInt(hex, 16)],
  ).flat();
  return new TextDecoder().decode(Uint8Array.from(bytes));
};
