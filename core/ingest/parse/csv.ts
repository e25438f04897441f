import { parse } from 'csv-parse/browser/esm/sync';
import { errorMessage } from '../../error-message.ts';
import type { Draft } from '../block.ts';
import { refuse } from '../refusal.ts';
import { refuseCrowd } from './crowd.ts';
import { recordBlocks } from './table.ts';

/** Characters a block: about one passage of the default size, so that rows are rarely cut apart. */
const BLOCK_LENGTH = 1_400;

/** The delimiter is the candidate that the first line has most of. */
const delimiters = [',', ';', '\t', '|'] as const;

/** The first record names the columns. */
export function* parseCsv(text: string): Iterable<Draft> {
  const [header, ...records] = readRecords(text);
  if (header === undefined) return;
  if (records.length === 0) {
    yield { text: header.join(' | '), block: 'table', rows: [header] };
    return;
  }
  for (const { text: lines, rows } of recordBlocks(header, records, BLOCK_LENGTH)) {
    yield { text: lines, block: 'table', rows };
  }
}

function readRecords(text: string): string[][] {
  const firstLine = text.slice(0, text.search(/\n|$/));
  const count = (mark: string) => firstLine.split(mark).length;
  const delimiter = delimiters.reduce((best, mark) => (count(mark) > count(best) ? mark : best));
  refuseCrowd(text, `${delimiter}\n`, 'cells');
  try {
    return parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: 1_000_000,
    });
  } catch (cause) {
    throw refuse('malformed', `The CSV cannot be read: ${errorMessage(cause)}.`, cause);
  }
}
