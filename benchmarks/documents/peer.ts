import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { pythonEnvironment } from '../../tests/install.ts';
import type { Reader, Reading } from './reader.ts';

/** Which packages each peer needs; those of one file share a virtual environment in the user's cache. */
const requirements = {
  markitdown: 'markitdown.txt',
  pdfplumber: 'markitdown.txt',
  docling: 'docling.txt',
  'docling-native': 'docling.txt',
} as const;

export type PeerName = keyof typeof requirements;
export const peerNames = Object.keys(requirements) as readonly PeerName[];

const readyLine = z.object({ ready: z.string() });
const readingLine = z.object({
  file: z.string(),
  markdown: z.string(),
  tables: z.array(z.object({ page: z.int(), grid: z.array(z.array(z.string())) })),
  seconds: z.number(),
  error: z.string().nullable(),
});

const peers = fileURLToPath(new URL('./peers/', import.meta.url));

/** The interpreter that also has what `make.py` of the cases imports. */
export const casesPython = (): Promise<string> => pythonEnvironment(`${peers}markitdown.txt`);

/** A Python library, in a process of its own that is started once for all files. */
export function peerReader(name: PeerName): Reader {
  return {
    name,
    async *read(paths, task) {
      const python = await pythonEnvironment(`${peers}${requirements[name]}`);
      const child = spawn(python, [`${peers}read.py`, name, task], { stdio: 'pipe' });
      const words = lastWords(child);
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const next = async (): Promise<unknown> => {
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`${name} ended: ${words()}`);
        return JSON.parse(value);
      };
      try {
        readyLine.parse(await next());
        for (const path of paths) {
          child.stdin.write(`${path}\n`);
          yield readingLine.parse(await next()) satisfies Reading;
        }
      } finally {
        child.kill();
      }
    },
  };
}

function lastWords(child: ChildProcessWithoutNullStreams): () => string {
  let text = '';
  child.stderr.on('data', (piece: Buffer) => {
    text = (text + piece.toString()).slice(-2000);
  });
  return () => text.trim().split('\n').at(-1) ?? '';
}
