import { parse } from 'csv-parse/browser/esm/sync';
import { errorMessage } from '../../error-message.ts';
import type { Draft } from '../block.ts';
import { refuse } from '../refusal.ts';
import { refuseCrowd } from './crowd.ts';
import { tableBlocks } from './table.ts';

/** The delimiter is the candidate that the first line has most of. */
const delimiters = [',', ';', '\t', '|'] as const;

/** The first record names the columns. */
export function* parseCsv(text: string): Iterable<Draft> {
  yield* tableBlocks({ rows: readRecords(text), headerRows: 1, records: true });
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
