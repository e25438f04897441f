import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import { hocrOf } from './hocr.ts';
import type { OcrEngine } from './ocr-engine.ts';
import { NotPng, readPng } from './png.ts';

const part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) }),
]);

/** A chat completion as vision models take it. What is said beside the picture is not read: OCR takes no instructions. */
export const pictureBody = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.union([z.string(), z.array(part)]) })).min(1),
  stream: z.literal(false).optional(),
});

/** Tokens that a picture counts for, so that usage has something to show: hosted models take about as many. */
const PICTURE_TOKENS = 1_000;

/** `POST /v1/chat/completions` of the OCR model: one PNG in, hOCR out. */
export async function readPicture(
  body: z.infer<typeof pictureBody>,
  engine: OcrEngine,
  signal: AbortSignal,
): Promise<unknown> {
  const page = pictureOf(body);
  const text = hocrOf(await engine.read(page, signal), page);
  const completion = Math.ceil(text.length / 4);
  return {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: body.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: PICTURE_TOKENS,
      completion_tokens: completion,
      total_tokens: PICTURE_TOKENS + completion,
    },
  };
}

function pictureOf({ messages }: z.infer<typeof pictureBody>) {
  const urls = messages.flatMap(({ content }) =>
    typeof content === 'string'
      ? []
      : content.flatMap((one) => (one.type === 'image_url' ? [one.image_url.url] : [])),
  );
  const [url] = urls;
  const data = /^data:image\/png;base64,(.+)$/s.exec(url ?? '')?.[1];
  if (urls.length !== 1 || data === undefined) {
    throw refused('expected exactly one picture, as data:image/png;base64,…');
  }
  try {
    return readPng(Buffer.from(data, 'base64'));
  } catch (error) {
    if (error instanceof NotPng || (error instanceof Error && 'code' in error)) throw refused(error.message);
    throw error;
  }
}

const refused = (why: string): Refusal => new Refusal(400, 'invalid_value', `messages: ${why}`, 'messages');
