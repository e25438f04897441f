import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium';
import {
  DOTS_PER_INCH,
  LONGEST_SIDE,
  type PagePicture,
  type PagePictures,
} from '../core/ingest/ocr/page-pictures.ts';
import { refuse } from '../core/ingest/refusal.ts';

/**
 * Pages drawn by PDFium in WebAssembly (docs/decisions/038-ocr.md): all of a PDF's picture codecs, and fonts whose text
 * layer says nothing.
 *
 * @param wasm Compiled already: workerd compiles nothing at run time.
 */
export function pdfiumPages(wasm: () => Promise<WebAssembly.Module>): PagePictures {
  return {
    async open(pdf, work) {
      // A module for each document: its memory only ever grows, and what a broken file leaves in it is gone with it.
      const pdfium = await load(await wasm());
      const at = pdfium.pdfium.wasmExports.malloc(pdf.byteLength);
      pdfium.pdfium.HEAPU8.set(pdf, at);
      const document = pdfium.FPDF_LoadMemDocument(at, pdf.byteLength, '');
      if (document === 0) throw refusalOf(pdfium.FPDF_GetLastError());
      return work({
        count: pdfium.FPDF_GetPageCount(document),
        draw: async (page) => draw(pdfium, document, page - 1),
      });
    },
  };
}

/** Emscripten's view of the module's memory, which its types leave to another package. */
type Pdfium = WrappedPdfiumModule & { readonly pdfium: { readonly HEAPU8: Uint8Array } };

async function load(wasm: WebAssembly.Module): Promise<Pdfium> {
  const pdfium = await init({
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      void WebAssembly.instantiate(wasm, imports).then(done);
      return {};
    },
  });
  pdfium.PDFiumExt_Init();
  return pdfium as Pdfium;
}

/** `FPDF_ERR_PASSWORD` and `FPDF_ERR_SECURITY` of fpdfview.h. */
const refusalOf = (error: number) =>
  error === 4 || error === 5
    ? refuse('encrypted', 'The PDF asks for a password. Upload a copy without one.')
    : refuse('malformed', 'The file is marked as a PDF but cannot be read as one.');

/** `FPDFBitmap_Gray`, `FPDF_ANNOT` and `FPDF_GRAYSCALE` of fpdfview.h. */
const GRAY = 1;
const WITH_ANNOTATIONS = 0x01;
const IN_GREY = 0x08;
const WHITE = 0xffffffff;

function draw(pdfium: Pdfium, document: number, index: number): PagePicture | null {
  const page = pdfium.FPDF_LoadPage(document, index);
  if (page === 0) return null;
  try {
    const [wide, high] = [pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)];
    const scale = Math.min(DOTS_PER_INCH / 72, LONGEST_SIDE / Math.max(wide, high));
    const [width, height] = [Math.round(wide * scale), Math.round(high * scale)];
    if (!(width > 0 && height > 0)) return null;
    const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, GRAY, 0, 0);
    if (bitmap === 0) return null;
    try {
      pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE);
      pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, WITH_ANNOTATIONS | IN_GREY);
      const from = pdfium.FPDFBitmap_GetBuffer(bitmap);
      const stride = pdfium.FPDFBitmap_GetStride(bitmap);
      const pixels = new Uint8Array(width * height);
      // Read only now: the memory moves when it grows.
      const memory = pdfium.pdfium.HEAPU8;
      for (let y = 0; y < height; y += 1) {
        pixels.set(memory.subarray(from + y * stride, from + y * stride + width), y * width);
      }
      return { width, height, pixels, scale };
    } finally {
      pdfium.FPDFBitmap_Destroy(bitmap);
    }
  } finally {
    pdfium.FPDF_ClosePage(page);
  }
}
