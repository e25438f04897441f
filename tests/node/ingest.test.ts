import { describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../../core/clock.ts';
import { Failure } from '../../core/failure.ts';
import { asId, type TenantId } from '../../core/identifier.ts';
import { describeDocument, detachFile } from '../../core/ingest/attachment.ts';
import { deleteFile } from '../../core/ingest/file.ts';
import { cancelBatch, createBatch } from '../../core/ingest/file-batch.ts';
import { giveUp, ingest } from '../../core/ingest/ingest.ts';
import { LEASE_MS } from '../../core/ingest/lease.ts';
import { sweep } from '../../core/ingest/sweep.ts';
import { changeVectorStore, deleteVectorStore } from '../../core/ingest/vector-store.ts';
import { IngestBench } from './ingest-bench.ts';

const TEXT =
  '# Brakes\n\nThe brake pads are worn after two winters.\n\n# Chains\n\nOil the chain every month.';

describe('ingest', () => {
  test('a document becomes passages in both indexes, and the sweeper was woken before it was written down', async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(TEXT);
    expect(bench.woken).toBe(1);
    expect(await ingest(bench.deps, ids, bench.trace())).toBeNull();
    const document = await bench.document(ids);
    expect(document).toMatchObject({
      status: 'completed',
      stage: 'ready',
      withoutVectors: false,
      error: null,
    });
    expect(document?.embedded).toBe(document?.passages);
    expect(await bench.found(ids, 'worn brake pads')).toBeGreaterThan(0);
    expect(await bench.nearest(ids)).toBe(document?.passages);
  });

  test('ING-1: a message that comes again finds nothing to do', async () => {
    const bench = new IngestBench();
    const ids = await bench.indexed(TEXT);
    const before = await bench.document(ids);
    const embed = bench.deps.embedder.embed;
    let calls = 0;
    const counting = {
      ...bench.deps.embedder,
      embed: (...args: Parameters<typeof embed>) => {
        calls += 1;
        return embed(...args);
      },
    };
    expect(await ingest({ ...bench.deps, embedder: counting }, ids, bench.trace())).toBeNull();
    expect(calls).toBe(0);
    expect(await bench.document(ids)).toEqual(before);
  });

  test('ING-4: a second worker waits until the lease of the first has run out, then does its work', async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(TEXT);
    const dead = { ...bench.deps.embedder, embed: () => new Promise<never>(() => undefined) };
    void ingest({ ...bench.deps, embedder: dead }, ids, bench.trace());
    await expect.poll(async () => (await bench.document(ids))?.stage).toBe('embedding');
    expect(await ingest(bench.deps, ids, bench.trace())).toBeNull();
    expect((await bench.document(ids))?.status).toBe('in_progress');
    bench.now += LEASE_MS + 1;
    await ingest(bench.deps, ids, bench.trace());
    expect((await bench.document(ids))?.status).toBe('completed');
  });

  test('ING-4: a worker whose document is removed while it works writes nothing more, and the rest is cleaned', async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(TEXT);
    const removing = {
      ...bench.deps.embedder,
      embed: async (...args: Parameters<typeof bench.deps.embedder.embed>) => {
        await detachFile(bench.deps, ids.tenantId, ids.vectorStoreId, ids.fileId);
        return bench.deps.embedder.embed(...args);
      },
    };
    expect(await ingest({ ...bench.deps, embedder: removing }, ids, bench.trace())).toEqual({
      delaySeconds: 0,
    });
    expect(await bench.document(ids)).toBeUndefined();
    await ingest(bench.deps, ids, bench.trace());
    expect([await bench.found(ids, 'worn brake pads'), await bench.nearest(ids)]).toEqual([0, 0]);
    const left = await bench.main.prepare('SELECT count(*) AS n FROM documents').first<number>('n');
    expect(left).toBe(0);
  });

  test('ING-2: whichever write a worker dies at, the next one ends with the same passages and vectors', async () => {
    const undisturbed = new IngestBench();
    const whole = await undisturbed.document(await undisturbed.indexed(TEXT));
    for (let deadly = 1, died = true; died; deadly += 1) {
      const bench = new IngestBench();
      const ids = await bench.pending(TEXT);
      let writes = 0;
      died = false;
      const update: typeof bench.deps.documents.update = async (...args) => {
        writes += 1;
        if (writes === deadly) {
          died = true;
          throw new Error('The worker died.');
        }
        return bench.deps.documents.update(...args);
      };
      const dying = { ...bench.deps, documents: { ...bench.deps.documents, update } };
      const outcome = await ingest(dying, ids, bench.trace()).catch(() => 'died');
      expect(outcome).toBe(died ? 'died' : null);
      await ingest(bench.deps, ids, bench.trace());
      const document = await bench.document(ids);
      expect(document).toMatchObject({
        status: 'completed',
        passages: whole?.passages,
        embedded: whole?.embedded,
      });
      expect([await bench.found(ids, 'worn brake pads chain'), await bench.nearest(ids)]).toEqual([
        whole?.passages,
        whole?.passages,
      ]);
      if (!died) expect(deadly).toBeGreaterThan(4);
    }
  });

  test('ING-3: a document whose vectors cannot be found yet is not completed', async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(TEXT);
    let seen = false;
    const vectors = { ...bench.deps.vectors, visible: async () => seen };
    const later = await ingest({ ...bench.deps, vectors }, ids, bench.trace());
    expect(later?.delaySeconds).toBeGreaterThan(0);
    expect(await bench.document(ids)).toMatchObject({ status: 'in_progress', stage: 'settling' });
    seen = true;
    bench.now += 15_000;
    expect(await ingest({ ...bench.deps, vectors }, ids, bench.trace())).toBeNull();
    expect(await bench.document(ids)).toMatchObject({ status: 'completed', withoutVectors: false });
  });

  test('ING-3: without a model a document is found by its words, and its vectors follow when there is one', async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(TEXT);
    const missing = new Failure('upstream_unavailable', 'No model.', { reason: 'model_missing' });
    const away = { ...bench.deps.embedder, embed: () => Promise.reject(missing) };
    expect(await ingest({ ...bench.deps, embedder: away }, ids, bench.trace())).toBeNull();
    expect(await bench.document(ids)).toMatchObject({ status: 'completed', withoutVectors: true });
    expect(await bench.found(ids, 'worn brake pads')).toBeGreaterThan(0);
    bench.now += 2 * HOUR;
    await sweep(bench.deps);
    expect(bench.queue.take()).toMatchObject([ids]);
    await ingest(bench.deps, ids, bench.trace());
    expect(await bench.document(ids)).toMatchObject({ withoutVectors: false, waitingFor: null });
  });

  test('ING-3: what of it was not read is said beside what it waits for, and stays when it no longer waits', async () => {
    const bench = new IngestBench();
    bench.deps.parsers.push({
      extensions: ['scan'],
      mediaTypes: [],
      parse: () => [
        { block: 'paragraph', text: 'Forks are serviced in March.', page: 1 },
        { block: 'figure', text: 'Page 2 was not read.', page: 2, unread: true },
      ],
    });
    const ids = await bench.pending(TEXT, 'year.scan');
    const missing = new Failure('upstream_unavailable', 'No model.', { reason: 'model_missing' });
    const away = { ...bench.deps.embedder, embed: () => Promise.reject(missing) };
    await ingest({ ...bench.deps, embedder: away }, ids, bench.trace());
    const unread = expect.stringContaining('1 page(s) without text (2)');
    expect(await bench.document(ids)).toMatchObject({
      waitingFor: expect.stringContaining('No model.'),
      unread,
    });
    bench.now += HOUR;
    await ingest(bench.deps, ids, bench.trace());
    expect(await bench.document(ids)).toMatchObject({ status: 'completed', waitingFor: null, unread });
  });

  test('what cannot be read fails with a reason and is in no index', async () => {
    const bench = new IngestBench();
    const ids = await bench.indexed('\u0000\u0000\u0001');
    const document = await bench.document(ids);
    expect(document?.status).toBe('failed');
    expect(document?.error?.message).toBeTruthy();
    expect(await bench.nearest(ids)).toBe(0);
  });

  test('a message that the queue gave up leaves a failed document, and a done one as it was', async () => {
    const bench = new IngestBench();
    const [open, done] = [await bench.pending(TEXT), await bench.indexed(TEXT)];
    await giveUp(bench.deps, open);
    await giveUp(bench.deps, done);
    expect(await bench.document(open)).toMatchObject({ status: 'failed', error: { reason: 'interrupted' } });
    expect((await bench.document(done))?.status).toBe('completed');
  });
});

describe('the sweeper', () => {
  test('ING-1: puts a document on the queue again that nobody holds, and later each time', async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(TEXT);
    await sweep(bench.deps);
    expect(bench.queue.take()).toEqual([]);
    bench.now += LEASE_MS;
    await sweep(bench.deps);
    expect(bench.queue.take()).toMatchObject([ids]);
    await sweep(bench.deps);
    expect(bench.queue.take()).toEqual([]);
  });

  test('ends an upload that died, and sleeps when nothing is open', async () => {
    const bench = new IngestBench();
    expect(await sweep(bench.deps)).toBeNull();
    const file = await bench.upload(TEXT);
    await bench.main
      .prepare("UPDATE files SET hidden_at = created_at, sha256 = '' WHERE id = ?")
      .bind(file.id)
      .run();
    expect(await sweep(bench.deps)).not.toBeNull();
    bench.now += HOUR + 1;
    await sweep(bench.deps);
    expect(await bench.deps.contents.read(bench.tenantId, file.id)).toBeNull();
    expect(await bench.main.prepare('SELECT count(*) AS n FROM files').first('n')).toBe(0);
  });

  test('a store that is not used expires with its documents', async () => {
    const bench = new IngestBench();
    const ids = await bench.indexed(TEXT);
    await changeVectorStore(bench.deps, bench.tenantId, ids.vectorStoreId, { expiresAfterDays: 1 });
    bench.now += DAY + 1;
    await sweep(bench.deps);
    expect(await bench.document(ids)).toBeUndefined();
    expect(await bench.found(ids, 'worn brake pads')).toBe(0);
    expect((await bench.deps.vectorStores.find(bench.tenantId, ids.vectorStoreId))?.expiredAt).toBe(
      bench.now,
    );
  });
});

describe('deletion', () => {
  test('a deleted file is found nowhere, and its vectors follow with the message', async () => {
    const bench = new IngestBench();
    const ids = await bench.indexed(TEXT);
    await deleteFile(bench.deps, ids.tenantId, ids.fileId);
    expect(await bench.found(ids, 'worn brake pads')).toBe(0);
    expect(await bench.deps.contents.readBlocks(ids.tenantId, ids.fileId)).toBeNull();
    expect(bench.queue.take()).toMatchObject([ids]);
    await ingest(bench.deps, ids, bench.trace());
    expect(await bench.nearest(ids)).toBe(0);
  });

  test('a deleted store goes with its documents; another tenant deletes nothing', async () => {
    const bench = new IngestBench();
    const ids = await bench.indexed(TEXT);
    const other = asId<TenantId>('tenant_other');
    await expect(deleteVectorStore(bench.deps, other, ids.vectorStoreId)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(deleteFile(bench.deps, other, ids.fileId)).rejects.toMatchObject({ code: 'not_found' });
    await deleteVectorStore(bench.deps, ids.tenantId, ids.vectorStoreId);
    expect(await bench.document(ids)).toBeUndefined();
    await ingest(bench.deps, ids, bench.trace());
    expect(await bench.nearest(ids)).toBe(0);
  });

  test('a cancelled batch ends what is open in it, and leaves what is done', async () => {
    const bench = new IngestBench();
    const store = await bench.store();
    const files = [await bench.upload(TEXT, 'one.md'), await bench.upload(`${TEXT} More.`, 'two.md')];
    const attachments = files.map(({ id }) => ({
      fileId: id,
      attributes: {},
      chunking: null,
      ocr: null,
      param: 'file_ids',
    }));
    const batch = await createBatch(bench.deps, bench.scope, store, attachments);
    const [first] = bench.queue.take();
    if (first === undefined) throw new Error('Nothing was put on the queue.');
    await ingest(bench.deps, first, bench.trace());
    const open = await bench.deps.vectorStores.findBatch(bench.tenantId, store.id, batch.id);
    expect(open?.counts).toMatchObject({ in_progress: 1, completed: 1, total: 2 });
    if (open !== null) await cancelBatch(bench.deps, bench.tenantId, open);
    const after = await bench.deps.vectorStores.findBatch(bench.tenantId, store.id, batch.id);
    expect(after).toMatchObject({
      cancelledAt: bench.now,
      counts: { cancelled: 1, completed: 1, in_progress: 0 },
    });
  });

  test('attributes that change reach the index', async () => {
    const bench = new IngestBench();
    const ids = await bench.indexed(TEXT);
    const document = await bench.document(ids);
    if (document === undefined) throw new Error('No document.');
    await describeDocument(bench.deps, document, { season: 'winter' });
    const range = { vectorStoreIds: [ids.vectorStoreId], limit: 10 };
    const winter = { type: 'eq', key: 'season', value: 'winter' } as const;
    expect(await bench.deps.passages.files(ids.tenantId, { ...range, filter: winter })).toEqual([ids.fileId]);
  });
});
