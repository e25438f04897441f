import type { CharacterMaps } from '../core/ingest/character-maps.ts';

/** Where `web/vite.config.ts` puts the character maps of the package pdfjs-dist among the static assets. */
const FOLDER = 'https://assets/assets/character-maps/';

/** Character maps from the Worker's static assets: nothing of them is in its code, so that answering loads none. */
export function assetCharacterMaps(assets: Fetcher): CharacterMaps {
  return async (name) => {
    if (!/^[\w-]+$/.test(name)) return null;
    const answer = await assets.fetch(`${FOLDER}${name}.bcmap`);
    // An address that is no asset gets the page itself.
    const isPage = answer.headers.get('content-type')?.startsWith('text/html') === true;
    if (!answer.ok || isPage) {
      await answer.body?.cancel();
      return null;
    }
    return new Uint8Array(await answer.arrayBuffer());
  };
}
