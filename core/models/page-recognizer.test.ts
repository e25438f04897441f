import type { LanguageModelV4CallOptions, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import { Trace } from '../telemetry/trace.ts';
import type { OcrEntry } from './catalogue.ts';
import { pageRecognizer } from './page-recognizer.ts';
import type { ModelProvider } from './provider.ts';

const entry: OcrEntry = {
  name: 'eyes',
  task: 'ocr',
  target: { kind: 'workers-ai', model: 'eyes' },
  price: { kind: 'own', inputPerMillion: 1, outputPerMillion: 2 },
  maxInputTokens: 1_000,
  maxOutputTokens: 500,
};

/** A model that says this, and claims to have counted so many tokens. */
function saying(text: string, claimed: { readonly input?: number; readonly output?: number } = {}) {
  const calls: LanguageModelV4CallOptions[] = [];
  const doGenerate = async (call: LanguageModelV4CallOptions) => {
    calls.push(call);
    return {
      content: [{ type: 'text', text }],
      finishReason: { unified: 'stop', raw: 'stop' },
      usage: { inputTokens: { total: claimed.input }, outputTokens: { total: claimed.output } },
      warnings: [],
    } as unknown as LanguageModelV4GenerateResult;
  };
  const provider = { chat: () => ({ doGenerate }) } as unknown as ModelProvider;
  return { recognizer: pageRecognizer({ provider }, entry), calls };
}

const trace = () => new Trace('test', { clock: () => 0, random: (bytes) => bytes });
const png = Uint8Array.of(1, 2, 3);

describe('the page recognizer', () => {
  test('sends the picture beside what is to be done with it, and bounds the answer', async () => {
    const { recognizer, calls } = saying('# Rent');
    expect(await recognizer.recognize(png, trace().root)).toBe('# Rent');
    expect(calls[0]).toMatchObject({ maxOutputTokens: 500, temperature: 0 });
    const [message] = calls[0]?.prompt ?? [];
    expect(message?.content).toMatchObject([
      { type: 'text', text: expect.stringContaining('Transcribe') },
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: png } },
    ]);
  });

  test.each([
    ['```markdown\n# Rent\n```', '# Rent'],
    ['[blank]', ''],
    ['  \n', ''],
    ['```\na fence and\n```\nmore', '```\na fence and\n```\nmore'],
  ])('takes %j for %j', async (said, read) => {
    expect(await saying(said).recognizer.recognize(png, trace().root)).toBe(read);
  });

  test.each([
    { input: 1e12, output: 1e12 },
    { input: Number.NaN, output: -5 },
    {},
    { input: 10, output: 20 },
  ])('MOD-12: a page never costs more than was reserved for it, whatever is claimed: %j', async (claimed) => {
    const { recognizer } = saying('word '.repeat(10_000), claimed);
    const at = trace();
    await recognizer.recognize(png, at.root);
    const [usage] = at.usages;
    expect(usage?.cost).toBeGreaterThan(0);
    expect(usage?.cost).toBeLessThanOrEqual(recognizer.worstCase());
  });
});
