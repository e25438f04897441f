import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { downloadFile } from '@huggingface/hub';

/** A source that has not answered after so long is passed over. */
const answerWithin = 3_000;
/** A download that stalls for this long is stopped and resumed where it was. */
const stillFor = 15_000;
/** Times in a row that a download may break without having brought a single byte. */
const fruitless = 3;

export interface HubFileRequest {
  /** `https://huggingface.co`, or a mirror. */
  readonly hub: string;
  readonly repository: string;
  readonly revision: string;
  readonly path: string;
  /** Where the bytes go; what is there already is kept and continued. */
  readonly part: string;
  /** Called with the bytes on disk so far and the size that the hub states. */
  readonly onProgress: (bytes: number, total: number) => void;
}

/** Brings one file of the hub to disk, whole, or throws. Whether they are the right bytes is not asked here. */
export async function fetchFromHub(request: HubFileRequest): Promise<void> {
  let idle = 0;
  for (;;) {
    const before = await sizeOf(request.part);
    try {
      await continueDownload(request, before);
      return;
    } catch (error) {
      if (error instanceof NoAnswer) throw error;
      idle = (await sizeOf(request.part)) > before ? 0 : idle + 1;
      if (idle === fruitless) throw error;
    }
  }
}

/** The hub said no, or nothing: asking again would not help. */
export class NoAnswer extends Error {}

async function continueDownload(request: HubFileRequest, have: number): Promise<void> {
  const stalled = new AbortController();
  const blob = await open(request, stalled.signal);
  if (have < blob.size) {
    let bytes = have;
    const watchdog = setTimeout(() => stalled.abort(new Error('The download stalled.')), stillFor);
    const watch = async function* (pieces: AsyncIterable<Uint8Array>) {
      for await (const piece of pieces) {
        bytes += piece.length;
        request.onProgress(bytes, blob.size);
        watchdog.refresh();
        yield piece;
      }
    };
    try {
      const rest = have === 0 ? blob : blob.slice(have);
      await pipeline(
        Readable.fromWeb(rest.stream() as ReadableStream<Uint8Array>),
        watch,
        createWriteStream(request.part, { flags: have === 0 ? 'w' : 'a' }),
      );
    } finally {
      clearTimeout(watchdog);
    }
  }
  const size = await sizeOf(request.part);
  if (size < blob.size) throw new Error(`The download ended after ${size} of ${blob.size} bytes.`);
}

async function open(request: HubFileRequest, signal: AbortSignal): Promise<Blob> {
  try {
    const blob = await downloadFile({
      repo: request.repository,
      path: request.path,
      revision: request.revision,
      hubUrl: request.hub,
      // Plain HTTP with ranges: it resumes, and mirrors speak it.
      xet: false,
      fetch: (input, init) => fetchAnswering(input, init, signal),
    });
    if (blob === null) throw new NoAnswer(`${request.path} is not in ${request.repository}.`);
    return blob;
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    throw new NoAnswer(reasonOf(error), { cause: error });
  }
}

/** `fetch` itself says only that it failed; its cause says why. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
};

/** `fetch` whose headers must come in time; the body may take as long as it moves. */
async function fetchAnswering(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const silent = new AbortController();
  const timer = setTimeout(
    () => silent.abort(new Error(`No answer within ${answerWithin / 1000} s.`)),
    answerWithin,
  );
  try {
    return await fetch(input, { ...init, signal: AbortSignal.any([silent.signal, signal]) });
  } finally {
    clearTimeout(timer);
  }
}

const sizeOf = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
};
