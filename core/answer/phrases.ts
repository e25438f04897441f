/** What Selvedge says in its own words; everything else in an answer is quoted or checked. */
export const nothingFound = 'I could not find an answer to this in the documents.';

/** Where a quote comes from, before the quote. */
export const accordingTo = (filename: string, page: number | null): string =>
  page === null ? `According to ${filename}: ` : `According to ${filename}, page ${page}: `;
