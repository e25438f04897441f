import { type FileId, sha256, type TenantId } from '../../core/identifier.ts';
import type { Block } from '../../core/ingest/block.ts';
import { type FileContents, fileTooLarge } from '../../core/ingest/file.ts';
import { MAX_FILE_BYTES } from '../../core/ingest/limits.ts';

/** Uploads and their blocks in memory, for tests. It obeys the contract of tests/contracts/contents.ts, as R2 does. */
export function memoryContents(): FileContents {
  const bytes = new Map<string, Uint8Array<ArrayBuffer>>();
  const blocks = new Map<string, string>();
  const readings = new Map<string, Map<number, string>>();
  const key = (tenantId: TenantId, fileId: FileId) => `${tenantId}/${fileId}`;
  return {
    async write(tenantId, file, pieces) {
      const parts: Uint8Array[] = [];
      let size = 0;
      for await (const piece of pieces) {
        size += piece.byteLength;
        if (size > MAX_FILE_BYTES) throw fileTooLarge();
        parts.push(piece);
      }
      const whole = new Uint8Array(size);
      let at = 0;
      for (const part of parts) {
        whole.set(part, at);
        at += part.byteLength;
      }
      bytes.set(key(tenantId, file.id), whole);
      return { bytes: size, sha256: await sha256(whole) };
    },
    async read(tenantId, fileId) {
      const kept = bytes.get(key(tenantId, fileId));
      return kept === undefined ? null : new Blob([kept]).stream();
    },
    async writeBlocks(tenantId, fileId, written) {
      blocks.set(key(tenantId, fileId), JSON.stringify(written));
    },
    async readBlocks(tenantId, fileId) {
      const kept = blocks.get(key(tenantId, fileId));
      return kept === undefined ? null : (JSON.parse(kept) as readonly Block[]);
    },
    async readReadings(tenantId, fileId) {
      return readings.get(key(tenantId, fileId)) ?? new Map();
    },
    async writeReading(tenantId, fileId, page, reading) {
      const pages = readings.get(key(tenantId, fileId)) ?? new Map<number, string>();
      readings.set(key(tenantId, fileId), pages.set(page, reading));
    },
    async remove(tenantId, fileId) {
      readings.delete(key(tenantId, fileId));
      bytes.delete(key(tenantId, fileId));
      blocks.delete(key(tenantId, fileId));
    },
  };
}
