import type { WakeSweeper } from '../core/ingest/file.ts';
import type { ObjectNamespace } from './object-namespace.ts';

/** One sweeper for the whole deployment: its work is a few statements, whichever tenant the documents belong to. */
const NAME = 'documents';

export interface SweeperCalls {
  wake(): Promise<void>;
}

export const sweeperAlarm =
  (namespace: ObjectNamespace<SweeperCalls>): WakeSweeper =>
  () =>
    namespace.getByName(NAME).wake();
