import { Failure } from '../../../failure.ts';
import type { Draft } from '../../block.ts';
import type { ReadInner, Source } from '../../source.ts';
import { parseHtml } from '../html.ts';
import { parseText } from '../text.ts';

/** A mail, whatever it was written in. */
export interface MailMessage {
  readonly subject: string;
  /** In the order in which they are shown: ['From', 'Ida <ida@example.org>']. */
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly Source[];
}

/** How many attachments of a mail are read. */
const MAX_ATTACHMENTS = 100;

/**
 * A mail as blocks: its subject as a heading, who wrote it when to whom, what it says (with what it quotes), and each attachment
 * under a heading with its name, read by its own format. One that cannot be read is named with the reason.
 */
export async function* mailBlocks(
  message: MailMessage,
  readInner: ReadInner,
  level = 1,
): AsyncGenerator<Draft> {
  if (message.subject !== '') yield { text: message.subject, block: 'heading', level };
  const lines = message.headers
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`);
  yield { text: lines.join('\n'), block: 'paragraph' };
  yield* lowered(bodyOf(message), level);
  for (const [at, attachment] of message.attachments.entries()) {
    if (at === MAX_ATTACHMENTS) {
      const remark = `Not read: attachments beyond the first ${MAX_ATTACHMENTS}.`;
      yield { text: `[${remark}]`, block: 'paragraph', remark };
      return;
    }
    const name = attachment.filename;
    yield { text: `Attachment: ${name}`, block: 'heading', level: level + 1 };
    try {
      yield* lowered(await readInner(attachment), level + 1);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const remark = `The attachment was not read. ${error.message}`;
      yield { text: `[${remark}]`, block: 'paragraph', remark };
    }
  }
}

function* lowered(drafts: Iterable<Draft>, level: number): Iterable<Draft> {
  for (const { page: _, ...draft } of drafts) {
    yield draft.level === undefined ? draft : { ...draft, level: draft.level + level };
  }
}

/** The page has tables, lists and links; the plain text is taken where it says more, or where there is no more to the page. */
function bodyOf({ text, html }: MailMessage): readonly Draft[] {
  const plain = [...parseText(text.replace(/\r\n?/g, '\n'))].filter((draft) => draft.text.trim() !== '');
  if (html.trim() === '') return plain;
  const page = [...parseHtml(html.replace(/<title\b.*?<\/title\s*>/is, ''), { whole: true })];
  const length = (drafts: readonly Draft[]) =>
    drafts.reduce((sum, draft) => sum + draft.text.replace(/\s/g, '').length, 0);
  const hasStructure = page.some(({ block }) => block === 'table' || block === 'list' || block === 'heading');
  if (plain.length === 0) return page;
  return hasStructure && length(page) >= length(plain) * 0.8
    ? page
    : length(plain) >= length(page) * 0.8
      ? plain
      : page;
}

/** Pictures that a signature or a newsletter shows, without a name that anybody gave them. */
export const isDecoration = (contentType: string, isInline: boolean): boolean =>
  isInline && contentType.startsWith('image/');
