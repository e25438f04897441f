/** Bytes that go in at a time: at 1,032 to one no more than 16 MiB come out before they can be counted. */
const PIECE_BYTES = 16 * 1024;

/** Unpacks piece by piece; a reader that stops reading stops the work. Otherwise workerd would unpack all of it at once. */
export async function* inflated(
  packed: Uint8Array<ArrayBuffer>,
  format: 'deflate' | 'deflate-raw',
): AsyncGenerator<Uint8Array> {
  let at = 0;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (at < packed.byteLength) controller.enqueue(packed.slice(at, at + PIECE_BYTES));
      else controller.close();
      at += PIECE_BYTES;
    },
  });
  const reader = source.pipeThrough(new DecompressionStream(format)).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
