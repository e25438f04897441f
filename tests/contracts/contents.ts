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
