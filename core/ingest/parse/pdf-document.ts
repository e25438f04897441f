import { getDocumentProxy } from 'unpdf';
import type { CharacterMaps } from '../character-maps.ts';
import { refuse } from '../refusal.ts';

export type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;
export type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>;

/** Which character maps pages have asked for in vain since it was last looked at. */
export interface MissingMaps {
  take(): readonly string[];
}

export async function openPdf(
  bytes: Uint8Array,
  characterMaps: CharacterMaps,
): Promise<{ readonly document: PdfDocument; readonly missing: MissingMaps }> {
  let missing: string[] = [];
  const BinaryDataFactory = class {
    async fetch({ kind, filename }: { readonly kind: string; readonly filename: string }) {
      const map = kind === 'cMapUrl' ? await characterMaps(filename.replace(/\.bcmap$/, '')) : null;
      if (map !== null) return map;
      if (kind === 'cMapUrl') missing.push(filename);
      throw new Error(`There is no ${filename}.`);
    }
  };
  try {
    // pdf.js takes the buffer over, hence the copy: the caller's bytes stay its own.
    const document = await getDocumentProxy(bytes.slice(), {
      verbosity: 0,
      BinaryDataFactory,
      cMapUrl: 'character-maps/',
      // Pictures are not read, and a scanned page unpacks to 35 MB.
      maxImageSize: 1,
      useSystemFonts: false,
      disableFontFace: true,
      useWorkerFetch: false,
    });
    const take = () => {
      const taken = missing;
      missing = [];
      return taken;
    };
    return { document, missing: { take } };
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : '';
    if (name === 'PasswordException') {
      throw refuse('encrypted', 'The PDF asks for a password. Upload a copy without one.', cause);
    }
    throw refuse('malformed', 'The file is marked as a PDF but cannot be read as one.', cause);
  }
}
