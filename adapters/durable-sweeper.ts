import type { Poke } from '../core/ingest/file.ts';

/** One sweeper for the whole deployment: its work is a few statements, whoever the documents belong to. */
const NAME = 'documents';

export interface SweeperMethods extends Rpc.DurableObjectBranded {
  poke(): Promise<void>;
}

export const pokeSweeper =
  (namespace: DurableObjectNamespace): Poke =>
  async () => {
    const sweepers = namespace as DurableObjectNamespace<SweeperMethods>;
    await sweepers.get(sweepers.idFromName(NAME)).poke();
  };
