import { env } from 'cloudflare:test';
import { toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { MAX_FILE_BYTES } from '../../core/ingest/limits.ts';
import { type Account, newTenant } from './access.ts';
import { openai } from './openai.ts';

const text = 'Keep the tyres at four bar.';

function form(fields: Readonly<Record<string, string | File>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
}

const post = (account: Account, body: BodyInit, headers: Record<string, string> = {}) =>
  account.fetch('/v1/files', { method: 'POST', body, headers });

const stored = async (tenantId: string) =>
  (await env.DOCUMENTS.list({ prefix: `files/${tenantId}/` })).objects.map((object) => object.size);

describe('uploads', () => {
  test('a file comes back byte for byte, with its digest on the row, also when it is sent in parts', async () => {
    const account = await newTenant();
    const client = openai(account);
    // Three parts of R2's multipart upload, the last one short.
    const bytes = new Uint8Array(17 * 1024 * 1024 + 5);
    for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    const file = await client.files.create({
      file: await toFile(bytes, 'Maße & Größen.bin'),
      purpose: 'user_data',
    });
    expect(file).toMatchObject({
      object: 'file',
      bytes: bytes.length,
      filename: 'Maße & Größen.bin',
      purpose: 'user_data',
    });
    const back = new Uint8Array(await (await client.files.content(file.id)).arrayBuffer());
    expect(Buffer.compare(back, bytes)).toBe(0);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const row = await env.DB.prepare('SELECT sha256 FROM files WHERE id = ?')
      .bind(file.id)
      .first<{ sha256: string }>();
    expect(row?.sha256).toBe(Buffer.from(digest).toString('hex'));
  }, 30_000);

  test.each([
    ['no file', () => form({ purpose: 'assistants' }), 'file'],
    ['a file that is a text field', () => form({ file: 'text', purpose: 'assistants' }), 'file'],
    ['an empty file', () => form({ file: new File([], 'a.txt'), purpose: 'assistants' }), 'file'],
    ['no purpose', () => form({ file: new File([text], 'a.txt') }), 'purpose'],
    ['an unknown purpose', () => form({ file: new File([text], 'a.txt'), purpose: 'fun' }), 'purpose'],
    [
      'an unknown field',
      () => form({ file: new File([text], 'a.txt'), purpose: 'assistants', colour: 'red' }),
      'colour',
    ],
    [
      'an expiry out of range',
      () =>
        form({
          file: new File([text], 'a.txt'),
          purpose: 'assistants',
          'expires_after[anchor]': 'created_at',
          'expires_after[seconds]': '60',
        }),
      'expires_after[seconds]',
    ],
  ])('%s is refused, naming the field, and nothing is left', async (_name, body, param) => {
    const account = await newTenant();
    const response = await post(account, body());
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param, type: 'invalid_request_error' } });
    expect(await stored(account.tenantId)).toEqual([]);
    expect((await openai(account).files.list()).data).toEqual([]);
  });

  test('another media type is 415, a broken form is 400', async () => {
    const account = await newTenant();
    expect((await post(account, '{}', { 'content-type': 'application/json' })).status).toBe(415);
    const broken = await post(account, '--x\r\nnonsense', {
      'content-type': 'multipart/form-data; boundary=x',
    });
    expect(broken.status).toBe(400);
  });

  test('one byte too many is 413, said or not said beforehand, and nothing is left', async () => {
    const account = await newTenant();
    const announced = await post(account, form({ file: new File([text], 'a.txt'), purpose: 'assistants' }), {
      'content-length': String(MAX_FILE_BYTES + 1024 * 1024),
    });
    expect(announced.status).toBe(413);

    const head = new TextEncoder().encode(
      '--x\r\ncontent-disposition: form-data; name="file"; filename="big.txt"\r\ncontent-type: text/plain\r\n\r\n',
    );
    const megabyte = new Uint8Array(1024 * 1024).fill(0x61);
    let left = 100;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(head),
      pull(controller) {
        if (left === 0) {
          controller.enqueue(new TextEncoder().encode('\r\n--x--\r\n'));
          controller.close();
        } else controller.enqueue(megabyte);
        left -= 1;
      },
    });
    const response = await post(account, body, { 'content-type': 'multipart/form-data; boundary=x' });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { param: 'file' } });
  }, 60_000);

  test('files expire when they were told to', async () => {
    const client = openai(await newTenant());
    const file = await client.files.create({
      file: await toFile(new TextEncoder().encode(text), 'a.txt'),
      purpose: 'assistants',
      expires_after: { anchor: 'created_at', seconds: 3600 },
    });
    expect((file.expires_at ?? 0) - file.created_at).toBe(3600);
  });
});

describe('lists', () => {
  test('pages forwards and backwards, in both orders, and refuses a cursor that names nothing', async () => {
    const client = openai(await newTenant());
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const file = await toFile(new TextEncoder().encode(`${text} ${index}`), `${index}.txt`);
      ids.push((await client.files.create({ file, purpose: 'assistants' })).id);
    }
    const rows = await env.DB.prepare(
      'SELECT id FROM files WHERE id IN (?, ?, ?, ?, ?) ORDER BY created_at, id',
    )
      .bind(...ids)
      .all<{ id: string }>();
    const oldest = rows.results.map((row) => row.id);
    const newest = oldest.toReversed();

    const seen: string[] = [];
    for await (const file of client.files.list({ limit: 2 })) seen.push(file.id);
    expect(seen).toEqual(newest);
    const ascending = await client.files.list({ limit: 3, order: 'asc' });
    expect([ascending.data.map((file) => file.id), ascending.has_more]).toEqual([oldest.slice(0, 3), true]);
    const before = await client.files.list({ limit: 2, before: newest[4] } as Parameters<
      typeof client.files.list
    >[0]);
    expect(before.data.map((file) => file.id)).toEqual(newest.slice(2, 4));
    expect((await client.files.list({ purpose: 'vision' })).data).toEqual([]);
    await expect(client.files.list({ after: 'file_none' })).rejects.toMatchObject({
      status: 400,
      param: 'after',
    });
    await expect(client.files.list({ limit: 0 })).rejects.toMatchObject({ status: 400, param: 'limit' });
  });
});

test('another tenant’s file is not found, by any verb', async () => {
  const owner = openai(await newTenant());
  const other = openai(await newTenant());
  const file = await owner.files.create({
    file: await toFile(new TextEncoder().encode(text), 'a.txt'),
    purpose: 'assistants',
  });
  const notFound = { status: 404 };
  await expect(other.files.retrieve(file.id)).rejects.toMatchObject(notFound);
  await expect(other.files.content(file.id)).rejects.toMatchObject(notFound);
  await expect(other.files.delete(file.id)).rejects.toMatchObject(notFound);
  expect((await other.files.list()).data).toEqual([]);
  const store = await other.vectorStores.create({});
  await expect(other.vectorStores.files.create(store.id, { file_id: file.id })).rejects.toMatchObject({
    ...notFound,
    param: 'file_id',
  });
  await expect(other.vectorStores.create({ file_ids: [file.id] })).rejects.toMatchObject({
    ...notFound,
    param: 'file_ids[0]',
  });
  await expect(
    other.vectorStores.fileBatches.create(store.id, { file_ids: [file.id] }),
  ).rejects.toMatchObject(notFound);
  expect(await owner.files.retrieve(file.id)).toMatchObject({ id: file.id });
});
