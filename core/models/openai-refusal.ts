/**
 * OpenAI's `refusal` in the raw answer of a provider. The AI SDK hands a refusal up as ordinary text; who reads the
 * answer has to be able to tell the two apart, so we look at what the provider really sent.
 */
type Members = Readonly<Record<string, unknown>>;

const members = (value: unknown): Members =>
  typeof value === 'object' && value !== null ? (value as Members) : {};

const firstChoice = (body: unknown): Members => {
  const { choices } = members(body);
  return Array.isArray(choices) ? members(choices[0]) : {};
};

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Of a chunk of a stream; empty where the chunk refuses nothing. */
export const refusalOf = (chunk: unknown): string => textIn(members(firstChoice(chunk).delta).refusal);

/** Of a whole completion; null where it refuses nothing. */
export const ownRefusal = (completion: unknown): string | null =>
  textIn(members(firstChoice(completion).message).refusal) || null;
