import { describe, expect, test } from 'vitest';
import { newId, sha256 } from '../../core/identifier.ts';
import type { FileContents } from '../../core/ingest/file.ts';

async function* pieces(...texts: readonly string[]) {
  for (const text of texts) yield new TextEncoder().encode(text);
}

/** What every `FileContents` promises: run over R2 in workerd and over the one in memory in node. */
export function contentsContract(name: string, contents: FileContents): void {
  describe(`contents: ${name}`, () => {
    test('bytes come back as they went in, counted and hashed', async () => {
      const [tenantId, id] = [newId('tenant'), newId('file')];
      const written = await contents.write(
        tenantId,
        { id, contentType: 'text/plain' },
        pieces('one ', 'two'),
      );
      expect(written).toEqual({ bytes: 7, sha256: await sha256('one two') });
      expect(await new Response(await contents.read(tenantId, id)).text()).toBe('one two');
    });

    test('an empty file is a file', async () => {
      const [tenantId, id] = [newId('tenant'), newId('file')];
      const written = await contents.write(tenantId, { id, contentType: 'text/plain' }, pieces());
      expect(written).toEqual({ bytes: 0, sha256: await sha256('') });
      expect(await new Response(await contents.read(tenantId, id)).text()).toBe('');
    });

    test('readings of pages are kept one by one, and go with their file', async () => {
      const [tenantId, other, id] = [newId('tenant'), newId('tenant'), newId('file')];
      expect(await contents.readReadings(tenantId, id)).toEqual(new Map());
      await contents.writeReading(tenantId, id, 12, 'twelfth');
      await contents.writeReading(tenantId, id, 3, '');
      await contents.writeReading(tenantId, id, 12, 'twelfth, again');
      const kept = new Map([
        [3, ''],
        [12, 'twelfth, again'],
      ]);
      expect(new Map(await contents.readReadings(tenantId, id))).toEqual(kept);
      expect(await contents.readReadings(other, id)).toEqual(new Map());
      await contents.remove(other, id);
      expect(new Map(await contents.readReadings(tenantId, id))).toEqual(kept);
      await contents.remove(tenantId, id);
      expect(await contents.readReadings(tenantId, id)).toEqual(new Map());
    });

    test('another tenant reads nothing and removes nothing; what is removed is gone, blocks too', async () => {
      const [tenantId, other, id] = [newId('tenant'), newId('tenant'), newId('file')];
      await contents.write(tenantId, { id, contentType: 'text/plain' }, pieces('secret'));
      await contents.writeBlocks(tenantId, id, []);
      expect(await contents.read(other, id)).toBeNull();
      expect(await contents.readBlocks(other, id)).toBeNull();
      await contents.remove(other, id);
      expect(await contents.readBlocks(tenantId, id)).toEqual([]);
      await contents.remove(tenantId, id);
      await contents.remove(tenantId, id);
      expect(await contents.read(tenantId, id)).toBeNull();
      expect(await contents.readBlocks(tenantId, id)).toBeNull();
    });
  });
}
