import { expect, test } from 'vitest';
import { Failure, invalid } from '../failure.ts';
import { type FieldNames, inDialect, nameField, requestFields } from './request-fields.ts';

const names = Object.fromEntries(requestFields.map((name) => [name, `their_${name}`])) as FieldNames;

test('MOD-4: a fault leaves under the name of the dialect, whole or out of a stream; everything else as it is', async () => {
  for (const field of requestFields) {
    expect(nameField(invalid(field, 'Too long.'), names)).toMatchObject({
      code: 'invalid_request',
      message: 'Too long.',
      details: { param: `their_${field}` },
    });
  }
  for (const other of [
    invalid('vector_store_ids', 'Unknown.'),
    new Failure('unprocessable', 'No.'),
    new Error('x'),
  ]) {
    expect(nameField(other, names)).toBe(other);
  }
  const breaking = async function* () {
    yield 1;
    throw invalid('json', 'Not a schema.');
  };
  const seen: number[] = [];
  const reading = (async () => {
    for await (const event of inDialect(breaking(), names)) seen.push(event);
  })();
  await expect(reading).rejects.toMatchObject({ details: { param: 'their_json' } });
  expect(seen).toEqual([1]);
});
