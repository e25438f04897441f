import { maskMarkers } from './markers.ts';
import { sentences } from './sentences.ts';

/**
 * Cuts a stream of text into sentences as soon as each is certain to have ended: when the next has begun. A
 * piece is a sentence with the markers and the space after it; joined, the pieces are the text.
 */
export class SentenceBuffer {
  #text = '';

  push(delta: string): readonly string[] {
    this.#text += delta;
    const pieces = cut(this.#text);
    this.#text = pieces.pop() ?? '';
    return pieces;
  }

  flush(): readonly string[] {
    const pieces = cut(this.#text);
    this.#text = '';
    return pieces;
  }
}

function cut(text: string): string[] {
  // Unicode's rules would let a marker begin a sentence or split one: to them it is space.
  const starts = sentences(maskMarkers(text))
    .slice(1)
    .map(({ start }) => start);
  return [0, ...starts]
    .map((start, place) => text.slice(start, starts[place] ?? text.length))
    .filter((piece) => piece !== '');
}
