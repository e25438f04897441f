import type { CreateEmbeddingRequest } from '../../contract/embeddings.ts';
import { invalid } from '../../core/failure.ts';

/**
 * The texts of a request for embeddings. LangChain's Python client counts tokens itself and sends their ids, by
 * default in the encoding `cl100k_base`, as OpenAI's embedding models have it. Our models have other tokens, so the
 * ids are read back into the text that they were (docs/decisions/091-token-arrays.md). The table of the encoding is
 * large: it is only read when somebody sends ids.
 */
export async function textsOf(input: CreateEmbeddingRequest['input']): Promise<readonly string[]> {
  if (typeof input === 'string') return [input];
  const texts: string[] = [];
  for (const [place, one] of input.entries()) {
    if (typeof one === 'number') return [await decoded(input as number[], 'input')];
    texts.push(typeof one === 'string' ? one : await decoded(one, `input[${place}]`));
  }
  return texts;
}

async function decoded(ids: readonly number[], param: string): Promise<string> {
  const { decode, vocabularySize } = await import('gpt-tokenizer/encoding/cl100k_base');
  const strange = ids.find((id) => id >= vocabularySize);
  if (strange !== undefined) {
    throw invalid(
      param,
      `Invalid '${param}': ${strange} is not a token id of cl100k_base. Send the text itself.`,
    );
  }
  return decode(ids);
}
