/** Makes pictures of the pages of a PDF, for models that read pictures. */
export interface PagePictures {
  /**
   * @param pdf Its bytes; the pictures of its pages are made while `work` runs.
   * @throws Failure `malformed`, `encrypted` where the file cannot be opened.
   */
  open<Result>(pdf: Uint8Array<ArrayBuffer>, work: (pages: OpenPages) => Promise<Result>): Promise<Result>;
}

export interface OpenPages {
  readonly count: number;
  /** @param page From 1. Null where the page cannot be drawn. */
  draw(page: number): Promise<PagePicture | null>;
}

/** A page as it is shown, in grey. */
export interface PagePicture {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** One byte a pixel, 0 black, row by row from the top. */
  readonly pixels: Uint8Array;
  /** Pixels a PDF point. */
  readonly scale: number;
}

/** Print of 8 points is some 22 pixels high then; recognizers were trained on letters of 20 to 40. */
export const DOTS_PER_INCH = 200;
/** Pixels of the longer side: an A4 page at 200 dpi has 2,339. Larger sheets are drawn smaller. */
export const LONGEST_SIDE = 2_400;
