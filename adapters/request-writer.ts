import { errorMessage } from '../core/error-message.ts';
import type { RequestWriter } from '../core/telemetry/record.ts';
import { d1Requests } from './d1-requests.ts';
import type { Environment } from './environment.ts';
import { otlpTraces } from './otlp-traces.ts';

/** Keeps the isolate alive until the work is done, also after the answer has gone out. */
export type WaitUntil = (work: Promise<unknown>) => void;

/** Every request to `DB`; where a collector is named, to that as well: without waiting for it, and a collector that is away only leaves a log line. */
export function requestWriter(env: Environment, waitUntil: WaitUntil): RequestWriter {
  const rows = d1Requests(env.DB);
  const traces = otlpTraces(env);
  if (traces === null) return rows;
  return {
    ...rows,
    async write(record) {
      waitUntil(traces.write(record).catch(report));
      await rows.write(record);
    },
  };
}

const report = (error: unknown): void => console.error(JSON.stringify({ collector: errorMessage(error) }));
