import PostalMime, { type Address, type Email } from 'postal-mime';
import type { Draft } from '../../block.ts';
import { refuse } from '../../refusal.ts';
import type { ReadInner, Source } from '../../source.ts';
import { isDecoration, mailBlocks } from './message.ts';

/** Parts of a mail in one another: forwarded mails in forwarded mails. */
const MAX_NESTING = 30;

/** A mail as it travels (RFC 5322 and MIME), or a web page that was saved as one (MHTML). */
export async function* parseEml(bytes: Uint8Array<ArrayBuffer>, readInner: ReadInner): AsyncGenerator<Draft> {
  const mail = await readMail(bytes);
  const isPage = mail.from === undefined || /saved by/i.test(mail.from.name);
  const headers = isPage
    ? []
    : ([
        ['From', people(mail.from === undefined ? [] : [mail.from])],
        ['To', people(mail.to)],
        ['Cc', people(mail.cc)],
        ['Date', dateOf(mail)],
      ] as const);
  const attachments = mail.attachments
    .filter(
      ({ mimeType, related, disposition }) =>
        !isDecoration(mimeType, related === true || disposition === 'inline'),
    )
    .filter(({ mimeType }) => !(isPage && !mimeType.startsWith('text/html')))
    .map(
      ({ filename, mimeType, content }): Source => ({
        filename: filename ?? (mimeType === 'message/rfc822' ? 'message.eml' : 'without a name'),
        contentType: mimeType,
        bytes: bytesOf(content),
      }),
    );
  const message = {
    subject: mail.subject ?? '',
    headers,
    text: mail.text ?? '',
    html: mail.html ?? '',
    attachments,
  };
  yield* mailBlocks(message, readInner);
}

async function readMail(bytes: Uint8Array<ArrayBuffer>): Promise<Email> {
  try {
    return await new PostalMime({ maxNestingDepth: MAX_NESTING, forceRfc822Attachments: true }).parse(bytes);
  } catch (cause) {
    throw refuse('malformed', 'The mail is damaged: its parts cannot be told apart.', cause);
  }
}

const bytesOf = (content: ArrayBuffer | Uint8Array | string): Uint8Array<ArrayBuffer> =>
  typeof content === 'string'
    ? Uint8Array.from(new TextEncoder().encode(content))
    : Uint8Array.from(new Uint8Array(content));

/** As it is written in the mail, so that the writer's own time of day stays. */
const dateOf = ({ headers, date = '' }: Email): string =>
  headers.find(({ key }) => key === 'date')?.value.trim() ?? date;

const people = (addresses: readonly Address[] | undefined): string =>
  (addresses ?? [])
    .flatMap((one) => (one.group === undefined ? [one] : one.group))
    .map(({ name, address }) => (name === '' ? address : address === '' ? name : `${name} <${address}>`))
    .join(', ');
