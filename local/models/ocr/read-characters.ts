/**
 * The best path through a recognizer's output (connectionist temporal classification, Graves et al. 2006): of each
 * column the likeliest class, repetitions once, the blank never.
 */
export interface ReadCharacter {
  readonly text: string;
  /** In 0…1. */
  readonly confidence: number;
  /** Column of the output, which stands for the same share of the line's width. */
  readonly column: number;
}

/**
 * @param scores columns × classes. Class 0 is the blank, the last one a space, the others stand in `alphabet` in order.
 */
export function readCharacters(
  scores: Float32Array,
  classes: number,
  alphabet: readonly string[],
): readonly ReadCharacter[] {
  const characters: ReadCharacter[] = [];
  let before = 0;
  for (let column = 0; column * classes < scores.length; column += 1) {
    let best = 0;
    let confidence = 0;
    for (let index = 0; index < classes; index += 1) {
      const score = scores[column * classes + index] ?? 0;
      if (score > confidence) [best, confidence] = [index, score];
    }
    if (best !== 0 && best !== before) {
      const text = best === classes - 1 ? ' ' : (alphabet[best - 1] ?? '');
      characters.push({ text, confidence, column });
    }
    before = best;
  }
  return characters;
}

export interface ReadWord {
  readonly text: string;
  /** The mean of its characters'. */
  readonly confidence: number;
  /** Where it stands on the line, as shares of the line's width. */
  readonly from: number;
  readonly to: number;
}

/** @param columns of the whole line. */
export function wordsOf(characters: readonly ReadCharacter[], columns: number): readonly ReadWord[] {
  const words: ReadWord[] = [];
  let word: ReadCharacter[] = [];
  const end = (): void => {
    const [first, last] = [word[0], word.at(-1)];
    if (first !== undefined && last !== undefined) {
      words.push({
        text: word.map(({ text }) => text).join(''),
        confidence: word.reduce((sum, one) => sum + one.confidence, 0) / word.length,
        from: Math.max(0, (first.column - 0.5) / columns),
        to: Math.min(1, (last.column + 1.5) / columns),
      });
    }
    word = [];
  };
  for (const character of characters) {
    if (character.text.trim() === '') end();
    else word.push(character);
  }
  end();
  return words;
}
