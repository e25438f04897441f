import { describe, expect, test } from 'vitest';
import type { Draft } from '../../core/ingest/block.ts';
import { ingest } from '../../core/ingest/ingest.ts';
import type { DocumentParser } from '../../core/ingest/parser.ts';
import { refuse } from '../../core/ingest/refusal.ts';
import { IngestBench } from './ingest-bench.ts';

/** Appointments of a calendar, a paragraph each. */
const calendar: DocumentParser = {
  extensions: ['ics'],
  mediaTypes: ['text/calendar'],
  parse: (bytes) =>
    [...new TextDecoder().decode(bytes).matchAll(/^SUMMARY:(.+)$/gm)].map((found) => ({
      block: 'paragraph',
      text: `Appointment: ${found[1]}`,
    })),
};

async function indexed(parser: DocumentParser, filename: string) {
  const bench = new IngestBench();
  bench.deps.parsers.push(parser);
  const ids = await bench.pending('BEGIN:VCALENDAR\nSUMMARY:Dentist\nEND:VCALENDAR', filename);
  await ingest(bench.deps, ids, bench.trace());
  const blocks = await bench.deps.contents.readBlocks(ids.tenantId, ids.fileId);
  return { document: await bench.document(ids), blocks };
}

const answering = (parse: () => unknown): DocumentParser => ({
  ...calendar,
  parse: parse as DocumentParser['parse'],
});

describe('a parser of the deployment', () => {
  test('ING-20: reads its own format, and one of ours in its own way', async () => {
    const own = await indexed(calendar, 'week.ics');
    expect(own.document).toMatchObject({ status: 'completed', error: null });
    expect(own.blocks).toMatchObject([{ text: 'Appointment: Dentist', start: 0, end: 20 }]);
    const ours = await indexed({ ...calendar, extensions: ['md'] }, 'week.md');
    expect(ours.blocks).toMatchObject([{ text: 'Appointment: Dentist' }]);
    // Another name: ours reads it, as the text that it is.
    const other = await indexed(calendar, 'week.txt');
    expect(other.blocks?.[0]?.text).toContain('BEGIN:VCALENDAR');
  });

  const endless = function* (): Iterable<Draft> {
    for (;;) yield { block: 'paragraph', text: 'again' };
  };
  test.each<[string, () => unknown, string, RegExp]>([
    [
      'throws',
      () => {
        throw new Error('no calendar');
      },
      'parser_failed',
      /'week\.ics' could not be read: no calendar/,
    ],
    ['rejects', async () => Promise.reject(new TypeError('no week')), 'parser_failed', /no week/],
    ['answers no list', () => undefined, 'parser_failed', /could not be read/],
    ['answers other things', () => [{ text: 7 }], 'parser_failed', /expected blocks/],
    ['answers nothing', () => [], 'empty', /no text/],
    ['never ends', endless, 'too_large', /paragraphs/],
    [
      'refuses',
      () => {
        throw refuse('encrypted', 'It is locked.');
      },
      'encrypted',
      /locked/,
    ],
  ])('ING-20: one that %s is a refusal with a reason', async (_, parse, reason, message) => {
    const { document } = await indexed(answering(parse), 'week.ics');
    expect(document).toMatchObject({ status: 'failed', error: { reason } });
    expect(document?.error?.message).toMatch(message);
  });
});
