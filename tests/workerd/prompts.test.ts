import { describe, expect, test } from 'vitest';
import { type Account, newTenant } from './access.ts';

interface Version {
  readonly id: string;
  readonly version: number;
  readonly hash: string;
  readonly labels: readonly string[];
  readonly instructions: string;
}

interface List<Item> {
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly next: string | null;
}

const write = async (account: Account, id: string, instructions: string): Promise<[number, Version]> => {
  const response = await account.send('POST', `/api/prompts/${id}/versions`, { instructions });
  return [response.status, await response.json<Version>()];
};
const read = async <T>(account: Account, path: string): Promise<T> => (await account.fetch(path)).json<T>();

describe('prompts', () => {
  test('every tenant has `default` at version 1 in production, without having written it', async () => {
    const account = await newTenant();
    const version = await read<Version>(account, '/api/prompts/default');
    expect(version).toMatchObject({ id: 'default@1', version: 1, labels: ['production'] });
    expect(version.hash).toMatch(/^[0-9a-f]{64}$/);
    const list = await read<List<{ id: string }>>(account, '/api/prompts');
    expect(list.data).toMatchObject([{ id: 'default', latest_version: 1, labels: { production: 1 } }]);
    const versions = await read<List<Version>>(account, '/api/prompts/default/versions');
    expect(versions.data).toEqual([version]);
  });

  test('versions are numbered per prompt; equal content is the same version again', async () => {
    const account = await newTenant();
    expect(await write(account, 'support', 'Be brief.')).toMatchObject([201, { id: 'support@1' }]);
    expect(await write(account, 'support', 'Be kind.')).toMatchObject([201, { id: 'support@2', labels: [] }]);
    expect(await write(account, 'sales', 'Be brief.')).toMatchObject([201, { id: 'sales@1' }]);
    expect(await write(account, 'support', 'Be brief.')).toMatchObject([
      200,
      { id: 'support@1', labels: ['production'] },
    ]);
    const reordered = await account.send('POST', '/api/prompts/support/versions', {
      retrieval: { rerank: true, max_results: 6 },
      instructions: 'Be kind.',
      examples: [],
    });
    expect([reordered.status, await reordered.json()]).toMatchObject([200, { id: 'support@2' }]);
  });

  test('twenty versions written at once get twenty numbers', async () => {
    const account = await newTenant();
    const written = await Promise.all(
      Array.from({ length: 20 }, (_, index) => write(account, 'busy', `Rule ${index}.`)),
    );
    const numbers = written.map(([, version]) => version.version).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  test('writing on `default` keeps the version that answered so far as number 1', async () => {
    const account = await newTenant();
    const before = await read<Version>(account, '/api/prompts/default');
    expect(await write(account, 'default', 'Answer in rhymes.')).toMatchObject([201, { version: 2 }]);
    expect(await read(account, '/api/prompts/default/versions/1')).toMatchObject({
      hash: before.hash,
      labels: ['production'],
    });
    expect(await write(account, 'default', before.instructions)).toMatchObject([200, { version: 1 }]);
  });

  test('a label rolls forward and back, and the production version follows it', async () => {
    const account = await newTenant();
    await write(account, 'default', 'Answer in rhymes.');
    for (const version of [2, 1]) {
      const put = await account.send('PUT', '/api/prompts/default/labels/production', { version });
      expect(put.status).toBe(200);
      expect(await read(account, '/api/prompts/default')).toMatchObject({ version, labels: ['production'] });
    }
    const missing = await account.send('PUT', '/api/prompts/default/labels/production', { version: 9 });
    expect([missing.status, await missing.json()]).toMatchObject([404, { param: 'version' }]);
    const staging = await account.send('PUT', '/api/prompts/default/labels/staging', { version: 2 });
    expect(await staging.json()).toMatchObject({ labels: ['staging'] });
  });

  test('a label on the untouched `default` works too', async () => {
    const account = await newTenant();
    const put = await account.send('PUT', '/api/prompts/default/labels/staging', { version: 1 });
    expect(put.status).toBe(200);
    expect(await read(account, '/api/prompts/default')).toMatchObject({ labels: ['production', 'staging'] });
  });

  test('lists go on where the page before ended', async () => {
    const account = await newTenant();
    for (const text of ['one', 'two', 'three']) await write(account, 'paged', text);
    const first = await read<List<Version>>(account, '/api/prompts/paged/versions?limit=2');
    expect(first.data.map((version) => version.version)).toEqual([3, 2]);
    const second = await read<List<Version>>(
      account,
      `/api/prompts/paged/versions?limit=2&after=${first.next}`,
    );
    expect([second.data.map((version) => version.version), second.next]).toEqual([[1], null]);
  });

  test("another tenant's prompt is not found and its labels cannot be moved", async () => {
    const [owner, other] = [await newTenant(), await newTenant()];
    await write(owner, 'secret', 'Ours.');
    expect((await other.fetch('/api/prompts/secret')).status).toBe(404);
    expect((await other.fetch('/api/prompts/secret/versions')).status).toBe(404);
    const put = await other.send('PUT', '/api/prompts/secret/labels/production', { version: 1 });
    expect(put.status).toBe(404);
    expect(await write(other, 'secret', 'Theirs.')).toMatchObject([201, { version: 1 }]);
    expect(await read(owner, '/api/prompts/secret')).toMatchObject({ instructions: 'Ours.' });
  });

  test.each([
    [{ instructions: 'x', colour: 'red' }, 'colour'],
    [{ instructions: '' }, 'instructions'],
    [{ instructions: 'x', retrieval: { max_results: 51 } }, 'retrieval.max_results'],
    [{ instructions: 'x', answer: 'guess' }, 'answer'],
    [{ instructions: 'x', examples: [{ question: 'q' }] }, 'examples[0].answer'],
  ])('a bad version %j is refused naming the field', async (body, param) => {
    const account = await newTenant();
    const response = await account.send('POST', '/api/prompts/p/versions', body);
    expect([response.status, await response.json()]).toMatchObject([400, { param }]);
  });

  test('bad names and numbers in the path are refused; reading keys cannot write', async () => {
    const account = await newTenant();
    expect((await account.send('POST', '/api/prompts/UPPER/versions', { instructions: 'x' })).status).toBe(
      400,
    );
    expect((await account.fetch('/api/prompts/default/versions/zero')).status).toBe(400);
    expect((await account.fetch('/api/prompts/default/versions/2')).status).toBe(404);
    const reader = await newTenant(['read']);
    expect((await reader.send('POST', '/api/prompts/p/versions', { instructions: 'x' })).status).toBe(403);
    expect((await reader.fetch('/api/prompts/default')).status).toBe(200);
  });
});
