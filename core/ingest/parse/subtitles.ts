import type { Draft } from '../block.ts';
import { refuse } from '../refusal.ts';

interface Cue {
  readonly from: string;
  readonly speaker: string;
  readonly text: string;
}

/** Sentences of one speaker are joined up to about a third of a passage, so that each block can be quoted with its time. */
const PARAGRAPH_LENGTH = 500;

/**
 * Subtitles (WebVTT, SubRip) as what was said: sentences put together again from the lines that they were cut into, each
 * paragraph with the time at which it begins and with its speaker: "[00:01:05] Kim: …".
 */
export function* parseSubtitles(text: string): Iterable<Draft> {
  const cues = [...cuesIn(text)];
  if (cues.length === 0)
    throw refuse('malformed', 'The subtitles have no line with a time ("00:00:01.000 --> 00:00:04.000").');
  let [open, ...rest] = cues;
  for (const cue of rest) {
    if (open === undefined) return;
    if (open.speaker !== cue.speaker || isFull(open.text)) {
      yield paragraphOf(open);
      open = cue;
    } else if (!open.text.endsWith(cue.text)) {
      // Captions made while somebody speaks repeat the line above.
      const text = cue.text.startsWith(open.text) ? cue.text : `${open.text} ${cue.text}`;
      open = { ...open, text };
    }
  }
  if (open !== undefined) yield paragraphOf(open);
}

const isFull = (text: string): boolean =>
  text.length >= PARAGRAPH_LENGTH && /[.!?…。！？]["'”’)]?$/.test(text);

const paragraphOf = ({ from, speaker, text }: Cue): Draft => ({
  text: `[${from}] ${speaker === '' ? '' : `${speaker}: `}${text}`,
  block: 'paragraph',
});

function* cuesIn(text: string): Iterable<Cue> {
  for (const part of text.replace(/\r\n?/g, '\n').split(/\n(?:[ \t]*\n)+/)) {
    const lines = part.split('\n');
    const at = lines.findIndex((line) => line.includes('-->'));
    const from = timeOf(lines[at]?.split('-->')[0] ?? '');
    if (at < 0 || from === undefined) continue;
    const spoken = lines.slice(at + 1).join('\n');
    const parts = /<v(?:\.[^ >]*)? /i.test(spoken) ? spoken.split(/(?=<v(?:\.[^ >]*)? )/i) : [spoken];
    for (const one of parts) {
      const [, voice = ''] = /<v(?:\.[^ >]*)? ([^>]+)>/i.exec(one) ?? [];
      const words = plain(one);
      if (words === '') continue;
      const [, named = '', rest = words] =
        voice === '' ? (/^(\p{Lu}[\p{L}.'’ -]{1,30}): (.+)$/su.exec(words) ?? []) : [];
      yield { from, speaker: voice.trim() || named.trim(), text: rest };
    }
  }
}

/** '00:01:05' of '1:05.250' or '00:01:05,250'. */
function timeOf(written: string): string | undefined {
  const [, hours = '0', minutes, seconds] =
    /(?:(\d+):)?(\d{1,2}):(\d{2})[.,]\d+\s*$/.exec(written.trim()) ?? [];
  if (minutes === undefined || seconds === undefined) return undefined;
  return [hours, minutes, seconds].map((one) => one.padStart(2, '0')).join(':');
}

/** Without marks for colours and places; entities as in HTML. */
const plain = (text: string): string =>
  text
    .replace(/<[^>]*>/g, '')
    .replace(/\{\\[^}]*\}/g, '')
    .replace(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (_, name: string) => entities[name] ?? '')
    .replace(/\s+/g, ' ')
    .replace(/^(?:- |– )/, '')
    .trim();

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', nbsp: ' ' };
