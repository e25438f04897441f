import type { Money } from '../telemetry/money.ts';
import type { Span } from '../telemetry/trace.ts';
import type { OcrEntry } from './catalogue.ts';
import { priceOf, type Tokens } from './prices.ts';
import { type ModelProvider, providerName } from './provider.ts';
import { estimateTokens } from './tokens.ts';
import { callUpstream } from './upstream.ts';

/**
 * Reads the picture of a page with a model that takes pictures: a vision model writes its text down in Markdown, an OCR
 * engine behind the same dialect answers hOCR, which also says where each word stands (docs/decisions/038-ocr.md).
 *
 *  MOD-12 What reading a page costs is never more than its worst case, which is reserved before it, whatever the upstream
 *     says that it counted.
 */
export interface PageRecognizer {
  readonly model: string;
  /**
   * @param png The picture of one page.
   * @returns Markdown or hOCR. Empty where the page holds no text.
   */
  recognize(png: Uint8Array, span: Span): Promise<string>;
  /** The most that one page can cost. */
  worstCase(): Money;
}

/** Milliseconds for a page: a dense one takes some 6 s on an idle laptop core. A lease lasts longer (lease.ts). */
const PAGE_LIMIT = 60_000;

/** What vision models are told; an OCR engine does not read it. */
const INSTRUCTION =
  'Transcribe all text of this page, in reading order, in its own language, exactly as it is written. Answer with Markdown: ' +
  'headings with #, tables as pipe tables with their header row, lists as lists, formulas in LaTeX. Leave out what is only ' +
  'decoration. Add nothing: no comment, no description of pictures, no code fence around the answer. Where a word cannot ' +
  'be read, write [illegible]. Where the page has no text, answer with nothing but [blank].';

export function pageRecognizer(deps: { readonly provider: ModelProvider }, entry: OcrEntry): PageRecognizer {
  const most: Tokens = { input: entry.maxInputTokens, output: entry.maxOutputTokens };
  return {
    model: entry.name,
    worstCase: () => priceOf(entry.price, most),
    recognize: (png, span) =>
      span.within(`ocr ${entry.name}`, { bytes: png.byteLength }, async (call) => {
        const result = await callUpstream(entry.name, PAGE_LIMIT, async (abortSignal) =>
          deps.provider.chat(entry.target).doGenerate({
            prompt: [
              {
                role: 'user',
                content: [
                  { type: 'text', text: INSTRUCTION },
                  { type: 'file', mediaType: 'image/png', data: { type: 'data', data: png } },
                ],
              },
            ],
            maxOutputTokens: entry.maxOutputTokens,
            temperature: 0,
            abortSignal,
          }),
        );
        const text = result.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
        const tokens: Tokens = {
          input: bounded(result.usage.inputTokens.total, most.input, most.input),
          output: bounded(result.usage.outputTokens.total, most.output, estimateTokens(text)),
        };
        call.use({
          model: entry.name,
          operation: 'chat',
          provider: providerName(entry.target.kind),
          inputTokens: tokens.input,
          outputTokens: tokens.output,
          cost: priceOf(entry.price, tokens),
        });
        return said(text);
      }),
  };
}

const bounded = (claimed: number | undefined, most: number, otherwise: number): number =>
  Math.min(most, claimed !== undefined && Number.isFinite(claimed) && claimed >= 0 ? claimed : otherwise);

/** Some models put a fence around all that they write, whatever they are told. */
function said(text: string): string {
  const trimmed = text.trim();
  const inner = /^```(?:markdown|md|html)?\n([\s\S]*?)\n?```$/.exec(trimmed)?.[1] ?? trimmed;
  return inner === '[blank]' ? '' : inner;
}
