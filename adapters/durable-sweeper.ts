import type { WakeSweeper } from '../core/ingest/file.ts';

/** One sweeper for the whole deployment: its work is a few statements, whichever tenant the documents belong to. */
const NAME = 'documents';

export interface SweeperMethods extends Rpc.DurableObjectBranded {
  wake(): Promise<void>;
}

export const sweeperAlarm =
  (namespace: DurableObjectNamespace<SweeperMethods>): WakeSweeper =>
  () =>
    namespace.getByName(NAME).wake();
