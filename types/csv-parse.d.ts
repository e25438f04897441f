/**
 * The one function of `csv-parse` that core calls. The package's own types ask for all of Node's, which would let core
 * name `process` and `Buffer` without a word from the compiler.
 */
interface CsvOptions {
  readonly delimiter: string;
  readonly bom: boolean;
  readonly relax_column_count: boolean;
  readonly relax_quotes: boolean;
  /** null: quotation marks are text. */
  readonly quote?: null;
  readonly skip_empty_lines?: boolean;
  readonly max_record_size: number;
}
export function parse(text: string, options: CsvOptions): string[][];
