/**
 * The predefined CMaps of Chinese, Japanese and Korean fonts (ISO 32000-1, 9.7.5.2) in pdf.js's packed form, by name
 * (`UniJIS-UTF16-H`): a PDF may name one without having it. They are 1.2 MB together, so each is fetched when a document
 * asks for it. Null where there is none of that name.
 */
export type CharacterMaps = (name: string) => Promise<Uint8Array | null>;

export const noCharacterMaps: CharacterMaps = async () => null;
