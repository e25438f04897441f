import { sentences } from './sentences.ts';

/** Markers that a model sets after the full stop belong to the sentence before them. */
const leadingMarkers = /^(?:\s*\[\d{1,3}\])+/;

/** A marker of which only the beginning has arrived. */
const startOfMarker = /^\s*\[\d{0,3}$/;

/**
 * Cuts a stream of text into sentences as soon as each is certain to have ended: when the next one has begun
 * with something that is no marker. Joined, the sentences are the text.
 */
export class SentenceBuffer {
  #text = '';

  push(delta: string): readonly string[] {
    this.#text += delta;
    const pieces = this.#cut();
    let last = pieces.pop() ?? '';
    if (startOfMarker.test(last)) last = (pieces.pop() ?? '') + last;
    this.#text = last;
    return pieces;
  }

  flush(): readonly string[] {
    const pieces = this.#cut();
    this.#text = '';
    return pieces;
  }

  #cut(): string[] {
    const pieces: string[] = [];
    let from = 0;
    for (const sentence of sentences(this.#text)) {
      const markers = leadingMarkers.exec(sentence.text)?.[0] ?? '';
      const before = pieces.length - 1;
      const previous = pieces[before];
      if (markers !== '' && previous !== undefined) {
        const end = sentence.start + markers.length;
        pieces[before] = previous + this.#text.slice(from, end);
        from = end;
        if (markers.length === sentence.text.length) continue;
      }
      pieces.push(this.#text.slice(from, sentence.end));
      from = sentence.end;
    }
    const rest = this.#text.slice(from);
    if (rest !== '') pieces.push((pieces.pop() ?? '') + rest);
    return pieces;
  }
}
