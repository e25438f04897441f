import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { Tokenizer } from '@huggingface/tokenizers';
import type { InferenceSession } from 'onnxruntime-node';
import type { EncoderFolders, EncoderReply, EncoderTask } from './encoders.ts';

/**
 * One thread that runs the two ONNX encoders, one text at a time: `session.run` blocks its thread until it is
 * done. One text a run is not only simpler than batches: with int8 weights the scale of the activations is
 * taken over the whole batch, so a text's vector would depend on its neighbours (cosine .9955 to itself), and
 * on one core batches are slower (64 Cranfield abstracts: 2.7 s one by one, 3.5 s by eights sorted by length).
 */
const maxTokens = 512;
/** The question may take half of a pair; the passage is what gets cut. */
const maxQuestionTokens = 254;

const { Tensor, InferenceSession: Session } = await import('onnxruntime-node');
const { Tokenizer: TokenizerOf } = await import('@huggingface/tokenizers');

interface Encoder {
  readonly tokenizer: Tokenizer;
  readonly session: InferenceSession;
  readonly first: number;
  readonly separator: number;
}

async function load(folder: string): Promise<Encoder> {
  const read = async (name: string): Promise<object> =>
    JSON.parse(await readFile(join(folder, name), 'utf8'));
  const tokenizer = new TokenizerOf(await read('tokenizer.json'), await read('tokenizer_config.json'));
  const session = await Session.create(join(folder, 'model.onnx'), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const id = (token: string): number => {
    const found = tokenizer.token_to_id(token);
    if (found === undefined) throw new Error(`${folder}: the tokenizer has no ${token}`);
    return found;
  };
  return { tokenizer, session, first: id('[CLS]'), separator: id('[SEP]') };
}

const idsOf = (encoder: Encoder, text: string, room: number): readonly number[] =>
  encoder.tokenizer.encode(text, { add_special_tokens: false }).ids.slice(0, room);

async function run(encoder: Encoder, ids: readonly number[], secondFrom: number): Promise<Float32Array> {
  const tensor = (value: (id: number, position: number) => number) =>
    new Tensor(
      'int64',
      BigInt64Array.from(ids, (id, position) => BigInt(value(id, position))),
      [1, ids.length],
    );
  const outputs = await encoder.session.run({
    input_ids: tensor((id) => id),
    attention_mask: tensor(() => 1),
    token_type_ids: tensor((_, position) => (position < secondFrom ? 0 : 1)),
  });
  const data = outputs[encoder.session.outputNames[0] ?? '']?.data;
  if (!(data instanceof Float32Array)) throw new Error('The encoder gave no float32 output.');
  return data;
}

/** bge is trained on the [CLS] row; Workers AI also offers the mean of all rows. */
async function embed(encoder: Encoder, text: string, pooling: 'cls' | 'mean'): Promise<EncoderReply> {
  const ids = [encoder.first, ...idsOf(encoder, text, maxTokens - 2), encoder.separator];
  const rows = await run(encoder, ids, ids.length);
  const width = rows.length / ids.length;
  const vector = rows.slice(0, width);
  if (pooling === 'mean') {
    for (let at = width; at < rows.length; at++) {
      vector[at % width] = (vector[at % width] ?? 0) + (rows[at] ?? 0);
    }
  }
  const length = Math.hypot(...vector);
  return { kind: 'vector', vector: vector.map((value) => value / length), tokens: ids.length };
}

async function score(encoder: Encoder, question: string, passage: string): Promise<EncoderReply> {
  const first = [encoder.first, ...idsOf(encoder, question, maxQuestionTokens), encoder.separator];
  const second = [...idsOf(encoder, passage, maxTokens - first.length - 1), encoder.separator];
  const [logit] = await run(encoder, [...first, ...second], first.length);
  if (logit === undefined) throw new Error('The cross-encoder gave no logit.');
  return { kind: 'logit', logit, tokens: first.length + second.length };
}

const folders: EncoderFolders = workerData;
const embedder = folders.embedding === null ? null : await load(folders.embedding);
const crossEncoder = folders.rerank === null ? null : await load(folders.rerank);

function work(task: EncoderTask): Promise<EncoderReply> {
  const encoder = task.kind === 'embed' ? embedder : crossEncoder;
  if (encoder === null) throw new Error(`This thread has no model to ${task.kind} with.`);
  return task.kind === 'embed'
    ? embed(encoder, task.text, task.pooling)
    : score(encoder, task.question, task.passage);
}

const port = parentPort;
if (port === null) throw new Error('encoder-thread.ts runs only as a worker thread.');
port.on('message', async (task: EncoderTask) => port.postMessage(await work(task)));
port.postMessage('ready');
