import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { FairLine } from '../fair-line.ts';
import type { GrayImage } from './gray-image.ts';
import type { RecognizedPage } from './page-reader.ts';

/** Reads pages on a thread of its own, which is started by the first page: most days have none, and it holds 150 MB. */
export class OcrEngine {
  readonly #folder: string;
  readonly #line: FairLine<GrayImage, RecognizedPage>;
  #thread: Promise<Worker> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
    this.#line = new FairLine([(page) => this.#read(page)], ({ width, height }) => width * height);
  }

  async read(page: GrayImage, signal: AbortSignal): Promise<RecognizedPage> {
    const [read] = await this.#line.run([page], signal);
    if (read === undefined) throw new Error('The line gave no page back.');
    return read;
  }

  async #read(page: GrayImage): Promise<RecognizedPage> {
    this.#thread ??= startThread(this.#folder);
    const thread = await this.#thread;
    thread.postMessage(page);
    const [read] = await once(thread, 'message');
    return read;
  }
}

async function startThread(folder: string): Promise<Worker> {
  const thread = new Worker(new URL('./ocr-thread.ts', import.meta.url), { workerData: folder });
  await once(thread, 'message');
  // A thread that dies is a bug or a broken model file, as in encoders.ts.
  thread.on('error', (error) => {
    throw error;
  });
  thread.unref();
  return thread;
}
