// The package names a file of types that it does not have (4.0.1). These are the functions that are used here.
declare module 'numfmt' {
  /** The value as a spreadsheet shows it under a number format. */
  export function format(
    pattern: string,
    value: number | string,
    options?: { readonly throws?: boolean },
  ): string;
  export function isDateFormat(pattern: string): boolean;
}
