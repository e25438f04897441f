import { Failure } from '../failure.ts';

/**
 * The parts of a request that answering can find fault with, in the core's own words. A `Failure` of the core names
 * one of these as its `param`; every dialect has one complete map to the fields that its callers know, and nothing in
 * the core knows a dialect.
 *
 *  MOD-4 A failure's `param` leaves through exactly one map, so a caller reads the field that he sent.
 */
export const requestFields = [
  'question',
  'messages',
  'model',
  'json',
  'maxOutputTokens',
  'temperature',
  'topP',
  'stop',
  'seed',
  'tools',
  'toolChoice',
] as const;

export type RequestField = (typeof requestFields)[number];

export type FieldNames = Readonly<Record<RequestField, string>>;

const isRequestField = (name: string): name is RequestField =>
  (requestFields as readonly string[]).includes(name);

/** The same failure with the dialect's name for what is at fault; other errors, and other params, as they are. */
export function nameField(error: unknown, names: FieldNames): unknown {
  if (!(error instanceof Failure)) return error;
  const { param } = error.details;
  if (param === undefined || !isRequestField(param)) return error;
  return new Failure(error.code, error.message, { ...error.details, param: names[param] });
}

/** Events as they come; what breaks them off speaks the dialect. */
export async function* inDialect<Event>(
  events: AsyncIterable<Event>,
  names: FieldNames,
): AsyncGenerator<Event> {
  try {
    yield* events;
  } catch (error) {
    throw nameField(error, names);
  }
}
