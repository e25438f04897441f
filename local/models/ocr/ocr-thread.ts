import { parentPort, workerData } from 'node:worker_threads';
import type { GrayImage } from './gray-image.ts';
import { PageReader } from './page-reader.ts';

/** Reads pages one after the other, away from the thread that answers HTTP: the models block theirs for seconds. */
const port = parentPort;
if (port === null) throw new Error('ocr-thread.ts runs only as a worker thread.');
const reader = await PageReader.load(String(workerData));
port.on('message', async (page: GrayImage) => port.postMessage(await reader.read(page)));
port.postMessage('ready');
