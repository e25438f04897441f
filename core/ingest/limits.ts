/**
 * What one document may ask of us. A Worker has 128 MB of memory and 30 s of CPU unless it is given more; a
 * document beyond these limits fails with a reason, and nothing else notices.
 *
 *  ING-40 Whatever the bytes are, reading them ends in blocks or in a refusal with a true reason, within this memory and time.
 */

/** Below 100 MiB: the largest request body that Cloudflare passes on by default. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024 - 1;

/** A parser holds the source, its decoded form and its blocks at once: three to four times this. */
export const MAX_SOURCE_BYTES = 24 * 1024 * 1024;

/** micromark reads some 150 to 800 KB a second, and 30 s of CPU is what an invocation has. */
export const MAX_MARKDOWN_BYTES = 4 * 1024 * 1024;

/** The parsed text in UTF-16 code units: some 3,000 dense pages, or 16 MB of memory. */
export const MAX_PARSED_LENGTH = 8_000_000;

/** A block costs some 100 bytes beside its text. */
export const MAX_BLOCKS = 200_000;

/** A dense page takes 10 to 20 ms, so so many take more than the 30 s of CPU that an invocation has by default. */
export const MAX_PDF_PAGES = 2_000;

/** What one stream of a PDF may unpack to; the drawing of a dense page has 1 MB, a font up to 20. */
export const MAX_PDF_STREAM_BYTES = 32 * 1024 * 1024;

/** Bytes that a ZIP container (DOCX) may unpack to, counted while unpacking and never believed. */
export const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** Files in a ZIP container. */
export const MAX_UNPACKED_FILES = 4_000;

/** Nesting of JSON values or HTML elements: real documents stay below 50. */
export const MAX_DEPTH = 200;

/** Cells of a CSV, values of a JSON: each costs some 60 bytes while it is read. */
export const MAX_VALUES = 1_000_000;

/** Elements and stretches of text of an HTML page: each costs some 200 bytes while it is read. */
export const MAX_NODES = 300_000;

/** The parsed text's 8 million characters in passages of the smallest allowed size. */
export const MAX_PASSAGES = 20_000;
