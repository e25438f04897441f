import { evidenceOf, support } from '../../core/answer/evidence.ts';
import { asId, type FileId, type VectorStoreId } from '../../core/identifier.ts';
import type { Hit } from '../../core/retrieve/query.ts';
import type { Claim } from './pairs.ts';

/** Whether a check lets a sentence be shown with its evidence as the citation. */
export type Check = (claim: Claim) => boolean;

/** The product's own, as it stands between a model's sentence and the reader. */
export const productCheck: Check = ({ evidence, sentence, question }) =>
  support(sentence, evidenceOf(hitOf(evidence), 1), question) !== null;

function hitOf(text: string): Hit {
  return {
    passage: {
      id: 'passage',
      vectorStoreId: asId<VectorStoreId>('vs_benchmark'),
      fileId: asId<FileId>('file_benchmark'),
      filename: 'document.md',
      ordinal: 0,
      title: '',
      text,
      start: 0,
      end: text.length,
      page: null,
      pageEnd: null,
      pageBreaks: null,
      attributes: {},
    },
    score: 1,
    signals: { dense: 1, sparse: 1, fused: 1, reranked: 1 },
  };
}
