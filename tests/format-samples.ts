import { presentationSample, wordSamples, workbookSample } from './samples/office.ts';
import { openDocumentSamples } from './samples/open-document.ts';
import { otherSamples } from './samples/other.ts';
import type { FormatSample } from './samples/sample.ts';

export type { Feature, FormatSample } from './samples/sample.ts';
export { features } from './samples/sample.ts';

export const formatSamples: readonly FormatSample[] = [
  ...wordSamples,
  workbookSample,
  presentationSample,
  ...openDocumentSamples,
  ...otherSamples,
];

export const bytesOf = async ({ content }: FormatSample): Promise<Uint8Array<ArrayBuffer>> =>
  typeof content === 'string' ? Uint8Array.from(new TextEncoder().encode(content)) : await content;
