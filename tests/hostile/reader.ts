import { Failure } from '../../core/failure.ts';
import { autoChunking, chunk } from '../../core/ingest/chunk.ts';
import { parseDocument } from '../../core/ingest/parse.ts';
import type { Ending } from './run.ts';

/** The child process of `run.ts`: reads one file after the other, as ingestion does, and says how each ended. */

interface Task {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

process.on('message', async ({ name, bytes }: Task) => {
  const before = process.cpuUsage();
  const ending = await endingOf(name, new Uint8Array(bytes));
  const { user, system } = process.cpuUsage(before);
  process.send?.({
    ...ending,
    cpuSeconds: (user + system) / 1e6,
    peakMebibytes: process.resourceUsage().maxRSS / 1024,
  });
});
process.send?.('ready');

async function endingOf(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Ending> {
  try {
    const blocks = await parseDocument({ filename: name, contentType: '', bytes });
    const passages = chunk(blocks, autoChunking);
    return { verdict: 'read', said: `${blocks.length} blocks, ${passages.length} passages` };
  } catch (error) {
    const reason = error instanceof Failure ? error.details.reason : undefined;
    if (error instanceof Failure && reason !== undefined && !error.retryable) {
      return { verdict: reason, said: error.message };
    }
    return {
      verdict: 'threw',
      said: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
