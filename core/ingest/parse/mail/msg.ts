import type { Draft } from '../../block.ts';
import type { ReadInner, Source } from '../../source.ts';
import { type CompoundEntry, readCompoundFile } from '../compound.ts';
import { encodingOfCodePage } from '../rtf/code-pages.ts';
import { htmlInRtf, unpackRtf } from './compressed-rtf.ts';
import { isDecoration, type MailMessage, mailBlocks } from './message.ts';

/** Numbers of properties ([MS-OXPROPS]). */
const SUBJECT = 0x0037;
const SENDER_NAME = 0x0c1a;
const SENDER_ADDRESS = 0x5d01;
const SENDER_ADDRESS_OLD = 0x0c1f;
const TO = 0x0e04;
const CC = 0x0e03;
const BODY = 0x1000;
const RTF_BODY = 0x1009;
const HTML_BODY = 0x1013;
const HEADERS = 0x007d;
const CODE_PAGE = 0x3ffd;
const SENT = 0x0039;
const RECEIVED = 0x0e06;
const ATTACHMENT_NAME = 0x3707;
const ATTACHMENT_SHORT_NAME = 0x3704;
const ATTACHMENT_SHOWN_NAME = 0x3001;
const ATTACHMENT_TYPE = 0x370e;
const ATTACHMENT_ID = 0x3712;
const ATTACHMENT_DATA = 0x3701;

/** How deep mails that are attached to mails are read. */
const MAX_INNER = 3;

/** A mail as Outlook saves it ([MS-OXMSG]): properties as streams, attachments as storages. */
export async function* parseMsg(bytes: Uint8Array<ArrayBuffer>, readInner: ReadInner): AsyncGenerator<Draft> {
  yield* messageBlocks(readCompoundFile(bytes), readInner, 0);
}

async function* messageBlocks(
  entries: readonly CompoundEntry[],
  readInner: ReadInner,
  depth: number,
): AsyncGenerator<Draft> {
  yield* mailBlocks(messageOf(entries), readInner, depth + 1);
  for (const attached of entries.filter(({ name }) => name.startsWith('__attach_version1.0_'))) {
    const inner = attached.children.find(
      ({ name, isStorage }) => isStorage && name.startsWith('__substg1.0_3701000D'),
    );
    if (inner !== undefined && depth < MAX_INNER) yield* messageBlocks(inner.children, readInner, depth + 1);
  }
}

function messageOf(entries: readonly CompoundEntry[]): MailMessage {
  const properties = new Properties(entries);
  const sender = properties.text(SENDER_NAME);
  const address = properties.text(SENDER_ADDRESS) || properties.text(SENDER_ADDRESS_OLD);
  const isMailAddress = address.includes('@') && !sender.includes(address);
  const rtf = properties.bytes(RTF_BODY);
  const fromRtf = rtf === undefined ? { text: '', html: '' } : htmlInRtf(unpackRtf(rtf));
  return {
    subject: properties.text(SUBJECT),
    headers: [
      ['From', isMailAddress ? `${sender} <${address}>`.trim() : sender || address],
      ['To', properties.text(TO)],
      ['Cc', properties.text(CC)],
      [
        'Date',
        /^Date: *(.+)$/im.exec(properties.text(HEADERS))?.[1]?.trim() ??
          properties.time(SENT) ??
          properties.time(RECEIVED) ??
          '',
      ],
    ],
    text: properties.text(BODY) || fromRtf.text,
    html: properties.html(HTML_BODY) || fromRtf.html,
    attachments: entries.flatMap(attachmentOf),
  };
}

function attachmentOf(entry: CompoundEntry): readonly Source[] {
  if (!entry.name.startsWith('__attach_version1.0_')) return [];
  const properties = new Properties(entry.children);
  const bytes = properties.bytes(ATTACHMENT_DATA);
  if (bytes === undefined) return [];
  const contentType = properties.text(ATTACHMENT_TYPE);
  if (isDecoration(contentType, properties.text(ATTACHMENT_ID) !== '')) return [];
  const filename =
    properties.text(ATTACHMENT_NAME) ||
    properties.text(ATTACHMENT_SHORT_NAME) ||
    properties.text(ATTACHMENT_SHOWN_NAME) ||
    'without a name';
  return [{ filename, contentType, bytes }];
}

/** Type of a property, as the name of its stream says it in hex: text in UTF-16, text in the code page, bytes. */
const UNICODE = '001F';
const EIGHT_BIT = '001E';
const BINARY = '0102';
/** Of the list of properties with a fixed length: its head, in messages and in what is attached; one property. */
const FIXED_HEADS = [32, 24, 8];
const FIXED_SIZE = 16;
const TIME_TYPE = 0x0040;
const LONG_TYPE = 0x0003;
/** Milliseconds from 1601, where Windows begins, to 1970. */
const EPOCH_1601 = 11_644_473_600_000;

class Properties {
  readonly #streams = new Map<string, CompoundEntry>();
  readonly #fixed: Uint8Array<ArrayBuffer>;
  readonly #encoding: string;

  constructor(entries: readonly CompoundEntry[]) {
    for (const entry of entries) {
      const [, key] = /^__substg1\.0_([0-9A-F]{8})$/i.exec(entry.name) ?? [];
      if (key !== undefined && !entry.isStorage) this.#streams.set(key.toUpperCase(), entry);
    }
    this.#fixed = entries.find(({ name }) => name === '__properties_version1.0')?.read() ?? new Uint8Array();
    this.#encoding =
      encodingOfCodePage(this.#number(CODE_PAGE, LONG_TYPE)?.getUint32(0, true)) ?? 'windows-1252';
  }

  text(id: number): string {
    const unicode = this.#stream(id, UNICODE);
    if (unicode !== undefined) return new TextDecoder('utf-16le').decode(unicode).replace(/\0+$/, '').trim();
    const bytes = this.#stream(id, EIGHT_BIT);
    return bytes === undefined
      ? ''
      : new TextDecoder(this.#encoding).decode(bytes).replace(/\0+$/, '').trim();
  }

  /** A page says its own encoding; in bytes it is that of the message otherwise. */
  html(id: number): string {
    const bytes = this.#stream(id, BINARY);
    if (bytes === undefined) return this.text(id);
    const [, declared] =
      /charset=["']?([\w-]+)/i.exec(new TextDecoder('latin1').decode(bytes.subarray(0, 2_000))) ?? [];
    try {
      return new TextDecoder(declared ?? this.#encoding).decode(bytes);
    } catch {
      return new TextDecoder(this.#encoding).decode(bytes);
    }
  }

  bytes(id: number): Uint8Array<ArrayBuffer> | undefined {
    return this.#stream(id, BINARY);
  }

  time(id: number): string | undefined {
    const ticks = this.#number(id, TIME_TYPE)?.getBigUint64(0, true);
    if (ticks === undefined) return undefined;
    const at = new Date(Number(ticks / 10_000n) - EPOCH_1601);
    return Number.isNaN(at.getTime()) ? undefined : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  }

  #stream(id: number, type: string): Uint8Array<ArrayBuffer> | undefined {
    return this.#streams.get(`${id.toString(16).padStart(4, '0').toUpperCase()}${type}`)?.read();
  }

  #number(id: number, type: number): DataView | undefined {
    const view = new DataView(this.#fixed.buffer, this.#fixed.byteOffset, this.#fixed.byteLength);
    const head = FIXED_HEADS.find(
      (size) => (view.byteLength - size) % FIXED_SIZE === 0 && view.byteLength >= size,
    );
    for (let at = head ?? view.byteLength; at + FIXED_SIZE <= view.byteLength; at += FIXED_SIZE) {
      if (view.getUint16(at, true) === type && view.getUint16(at + 2, true) === id) {
        return new DataView(this.#fixed.buffer, this.#fixed.byteOffset + at + 8, 8);
      }
    }
    return undefined;
  }
}
