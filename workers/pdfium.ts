/** The bundler compiles the module when the Worker is uploaded, and workerd hands it over when it is first asked for. */
export const pdfium = async (): Promise<WebAssembly.Module> =>
  (await import('@embedpdf/pdfium/pdfium.wasm')).default;
