import { type FileId, hex, type TenantId } from '../core/identifier.ts';
import type { Block } from '../core/ingest/block.ts';
import { type FileContents, fileTooLarge } from '../core/ingest/file.ts';
import { MAX_FILE_BYTES } from '../core/ingest/limits.ts';

/** R2 wants parts of one size, 5 MiB or more, and an upload of fewer bytes than that as one object. */
const PART_BYTES = 8 * 1024 * 1024;

const bytesKey = (tenantId: TenantId, fileId: FileId): string => `files/${tenantId}/${fileId}`;
const readingsPrefix = (tenantId: TenantId, fileId: FileId): string => `readings/${tenantId}/${fileId}/`;
const blocksKey = (tenantId: TenantId, fileId: FileId): string => `blocks/${tenantId}/${fileId}.json`;

/** Uploads and their blocks in R2, each tenant under its own prefix. */
export function r2Contents(bucket: R2Bucket): FileContents {
  return {
    async write(tenantId, file, bytes) {
      const digest = new crypto.DigestStream('SHA-256');
      const hashing = digest.getWriter();
      let size = 0;
      const counted = async function* () {
        for await (const piece of bytes) {
          size += piece.byteLength;
          if (size > MAX_FILE_BYTES) throw fileTooLarge();
          await hashing.write(piece);
          yield piece;
        }
      };
      await put(bucket, bytesKey(tenantId, file.id), file.contentType, inParts(counted()));
      await hashing.close();
      return { bytes: size, sha256: hex(new Uint8Array(await digest.digest)) };
    },
    async read(tenantId, fileId) {
      return (await bucket.get(bytesKey(tenantId, fileId)))?.body ?? null;
    },
    async writeBlocks(tenantId, fileId, blocks) {
      await bucket.put(blocksKey(tenantId, fileId), JSON.stringify(blocks), {
        httpMetadata: { contentType: 'application/json' },
      });
    },
    async readBlocks(tenantId, fileId) {
      const found = await bucket.get(blocksKey(tenantId, fileId));
      return found === null ? null : found.json<readonly Block[]>();
    },
    async readReadings(tenantId, fileId) {
      const readings = new Map<number, string>();
      const prefix = readingsPrefix(tenantId, fileId);
      for await (const key of keysUnder(bucket, prefix)) {
        const found = await bucket.get(key);
        if (found !== null) readings.set(Number(key.slice(prefix.length)), await found.text());
      }
      return readings;
    },
    async writeReading(tenantId, fileId, page, reading) {
      await bucket.put(`${readingsPrefix(tenantId, fileId)}${page}`, reading);
    },
    async remove(tenantId, fileId) {
      const keys = [bytesKey(tenantId, fileId), blocksKey(tenantId, fileId)];
      for await (const key of keysUnder(bucket, readingsPrefix(tenantId, fileId))) keys.push(key);
      // R2 deletes at most 1,000 objects a call.
      while (keys.length > 0) await bucket.delete(keys.splice(0, 1_000));
    },
  };
}

async function* keysUnder(bucket: R2Bucket, prefix: string): AsyncIterable<string> {
  let cursor: string | undefined;
  do {
    const page = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.objects.map(({ key }) => key);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
}

async function put(
  bucket: R2Bucket,
  key: string,
  contentType: string,
  parts: AsyncGenerator<Uint8Array>,
): Promise<void> {
  const options = { httpMetadata: { contentType } };
  const first = await parts.next();
  const second = first.done === true ? first : await parts.next();
  if (second.done === true) {
    await bucket.put(key, first.done === true ? '' : first.value, options);
    return;
  }
  const upload = await bucket.createMultipartUpload(key, options);
  try {
    const sent: R2UploadedPart[] = [
      await upload.uploadPart(1, first.value),
      await upload.uploadPart(2, second.value),
    ];
    for await (const part of parts) sent.push(await upload.uploadPart(sent.length + 1, part));
    await upload.complete(sent);
  } catch (error) {
    await upload.abort();
    throw error;
  }
}

/** Pieces of any size as parts of exactly `PART_BYTES`, the last one shorter. */
async function* inParts(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(PART_BYTES);
  let filled = 0;
  for await (const piece of pieces) {
    let rest = piece;
    while (rest.byteLength > 0) {
      const some = rest.subarray(0, PART_BYTES - filled);
      part.set(some, filled);
      filled += some.byteLength;
      rest = rest.subarray(some.byteLength);
      if (filled === PART_BYTES) {
        yield part;
        part = new Uint8Array(PART_BYTES);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}
