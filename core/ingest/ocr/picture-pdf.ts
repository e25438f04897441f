import { inflated } from '../parse/inflate.ts';
import { DOTS_PER_INCH } from './page-pictures.ts';

/**
 * A picture as the one page of a PDF, so that a photo of a letter takes the road of a scan. PDF takes JPEG as it is, and of
 * PNG the packed lines (ISO 32000-1, 7.4.4.4 and 7.4.8); only what is transparent has to be unpacked and laid on white.
 *
 * @returns null for what is neither: interlaced PNG, TIFF, WebP and others are not read.
 */
export async function pictureAsPdf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
  const picture = jpegPicture(bytes) ?? (await pngPicture(bytes));
  return picture === null ? null : pdfOf(picture);
}

interface EmbeddedPicture {
  readonly width: number;
  readonly height: number;
  /** The entries of the image's dictionary that say how `data` is written. */
  readonly entries: string;
  readonly data: Uint8Array;
}

/** More are not held unpacked: a page at 300 dpi has 8.7 million. */
const MAX_PIXELS = 16_000_000;

function jpegPicture(bytes: Uint8Array): EmbeddedPicture | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    // Start of frame (ITU-T T.81, table B.1): all of 0xC0…0xCF but the tables and the arithmetic conditioning.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      const [height, width, components] = [view.getUint16(at + 5), view.getUint16(at + 7), bytes[at + 9]];
      const space = components === 1 ? '/DeviceGray' : components === 3 ? '/DeviceRGB' : '/DeviceCMYK';
      if (width === 0 || height === 0) return null;
      return {
        width,
        height,
        data: bytes,
        entries: `/ColorSpace ${space} /BitsPerComponent 8 /Filter /DCTDecode`,
      };
    }
    const isAlone = marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += isAlone ? 1 + Number(marker !== 0xff) : 2 + view.getUint16(at + 2);
  }
  return null;
}

const PNG_MARK = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

async function pngPicture(bytes: Uint8Array<ArrayBuffer>): Promise<EmbeddedPicture | null> {
  if (PNG_MARK.some((byte, at) => bytes[at] !== byte) || bytes.length < 33) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth = 0, type = 0, , , interlaced] = bytes.subarray(24, 29);
  if (interlaced !== 0 || width === 0 || height === 0 || width * height > MAX_PIXELS) return null;
  let palette = '';
  const packed: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (name === 'IDAT') packed.push(data);
    if (name === 'PLTE') palette = Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');
    at += 12 + length;
  }
  const lines = joined(packed);
  if (type === 4 || type === 6) {
    const samples = type === 4 ? 2 : 4;
    if (depth !== 8) return null;
    const data = await grayOnWhite(lines, { width, height, samples });
    if (data === null) return null;
    return { width, height, data, entries: '/ColorSpace /DeviceGray /BitsPerComponent 8' };
  }
  const space =
    type === 0
      ? '/DeviceGray'
      : type === 2
        ? '/DeviceRGB'
        : `[/Indexed /DeviceRGB ${palette.length / 6 - 1} <${palette}>]`;
  if (type === 3 && palette === '') return null;
  const colors = type === 2 ? 3 : 1;
  const how = `/DecodeParms << /Predictor 15 /Colors ${colors} /BitsPerComponent ${depth} /Columns ${width} >>`;
  return {
    width,
    height,
    data: lines,
    entries: `/ColorSpace ${space} /BitsPerComponent ${depth} /Filter /FlateDecode ${how}`,
  };
}

/** 8 bits a sample, the last of them how opaque a pixel is; null where the picture ends too early. */
async function grayOnWhite(
  packed: Uint8Array<ArrayBuffer>,
  { width, height, samples }: { readonly width: number; readonly height: number; readonly samples: 2 | 4 },
): Promise<Uint8Array | null> {
  const size = width * samples;
  const gray = new Uint8Array(width * height);
  let above = new Uint8Array(size);
  let line = new Uint8Array(size);
  let filled = -1;
  let filter = 0;
  let y = 0;
  const pieces = inflated(packed, 'deflate');
  try {
    for await (const piece of pieces) {
      for (const byte of piece) {
        if (filled < 0) filter = byte;
        else line[filled] = byte + predicted(filter, line, above, filled, samples);
        filled += 1;
        if (filled < size) continue;
        for (let x = 0; x < width; x += 1) gray[y * width + x] = onWhite(line, x * samples, samples);
        [above, line] = [line, above];
        filled = -1;
        y += 1;
        if (y === height) return gray;
      }
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  return null;
}

/** PNG (3rd edition), clause 9. */
function predicted(filter: number, line: Uint8Array, above: Uint8Array, at: number, samples: number): number {
  const left = line[at - samples] ?? 0;
  const up = above[at] ?? 0;
  const corner = above[at - samples] ?? 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** ITU-R BT.601's weights of red, green and blue. */
function onWhite(line: Uint8Array, at: number, samples: number): number {
  const sample = (offset: number) => line[at + offset] ?? 0;
  const gray = samples === 2 ? sample(0) : 0.299 * sample(0) + 0.587 * sample(1) + 0.114 * sample(2);
  const opaque = sample(samples - 1) / 255;
  return Math.round(gray * opaque + 255 * (1 - opaque));
}

function pdfOf({ width, height, entries, data }: EmbeddedPicture): Uint8Array<ArrayBuffer> {
  const [wide, high] = [width, height].map((pixels) => ((pixels * 72) / DOTS_PER_INCH).toFixed(2));
  const drawn = `q ${wide} 0 0 ${high} 0 0 cm /Picture Do Q`;
  const encoder = new TextEncoder();
  return joined([
    encoder.encode(
      `%PDF-1.5\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${wide} ${high}] /Resources << /XObject << /Picture 5 0 R >> >> /Contents 4 0 R >>\nendobj\n4 0 obj\n<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream\nendobj\n5 0 obj\n<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} ${entries} /Length ${data.byteLength} >>\nstream\n`,
    ),
    data,
    encoder.encode('\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n'),
  ]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
