import { refuse } from '../refusal.ts';

/**
 * JSON as tokens that keep what is written: a number by its digits (1.10, 12345678901234567890), keys in their order and
 * as often as they come, which `JSON.parse` loses. Comments and commas too many are read (JSON5 and the settings of
 * editors have them), as are quotes of either kind and keys without any.
 */
export type JsonToken =
  | { readonly kind: '{' | '}' | '[' | ']' | ':' | ',' | 'end'; readonly at: number }
  | { readonly kind: 'string' | 'literal'; readonly text: string; readonly at: number };

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#[^\n]*|([{}[\]:,])|"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)'|([^\s{}[\]:,"'/#]+)/y;

export class JsonTokens {
  readonly #text: string;
  #at: number;
  /** Whether anything was read that JSON does not have. */
  isLenient = false;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  next(): JsonToken {
    for (;;) {
      if (this.#at >= this.#text.length) return { kind: 'end', at: this.#at };
      const at = this.#at;
      TOKEN.lastIndex = at;
      const [whole, mark, double, single, literal] = TOKEN.exec(this.#text) ?? [];
      if (whole === undefined) throw this.unexpected(at);
      this.#at += whole.length;
      if (mark !== undefined) return { kind: mark as '{', at };
      if (double !== undefined) return { kind: 'string', text: this.#unescaped(double, at), at };
      if (single !== undefined) {
        this.isLenient = true;
        return {
          kind: 'string',
          text: this.#unescaped(single.replace(/\\'/g, "'").replace(/(?<!\\)"/g, '\\"'), at),
          at,
        };
      }
      if (literal !== undefined) return { kind: 'literal', text: literal, at };
      if (/^[/#]/.test(whole)) this.isLenient = true;
    }
  }

  /** Whether the comma that was read is one too many. */
  closesNext(): boolean {
    const rest = /\s*([\s\S]?)/y;
    rest.lastIndex = this.#at;
    return /^[\]}]$/.test(rest.exec(this.#text)?.[1] ?? '');
  }

  #unescaped(inner: string, at: number): string {
    if (!inner.includes('\\')) return inner;
    try {
      // A line break after a backslash goes on with the text, as in JavaScript.
      return JSON.parse(`"${inner.replace(/\\\r?\n/g, '')}"`) as string;
    } catch (cause) {
      throw this.unexpected(at, cause);
    }
  }

  unexpected(at: number, cause?: unknown) {
    const line = this.#text.slice(0, at).split('\n').length;
    const found = this.#text.slice(at, at + 20).split('\n')[0] ?? '';
    const what = found === '' ? 'it ends too early' : `line ${line}, at ‘${found}’`;
    return refuse('malformed', `The JSON is not valid: ${what}.`, cause);
  }
}
