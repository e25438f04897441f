/** Small documents with known text, built by hand from the formats' specifications, for tests of the parsers. */

const encode = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text));

export interface PdfLine {
  readonly text: string;
  readonly size?: number;
  readonly x?: number;
  readonly y: number;
}

/** A PDF 1.4 with Helvetica and one content stream a page (ISO 32000-1, 7.5). ASCII text only. */
export function pdf(pages: readonly (readonly PdfLine[])[], trailer = ''): Uint8Array<ArrayBuffer> {
  const objects: string[] = [];
  const add = (body: string): number => objects.push(body);
  add('<< /Type /Catalog /Pages 2 0 R >>');
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  for (const [index, lines] of pages.entries()) {
    const contents = `${5 + index * 2} 0 R`;
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${contents} >>`,
    );
    const drawn = lines
      .map(({ text, size = 11, x = 72, y }) => {
        const escaped = text.replace(/[\\()]/g, (mark) => `\\${mark}`);
        return `BT /F1 ${size} Tf 1 0 0 1 ${x} ${y} Tm (${escaped}) Tj ET`;
      })
      .join('\n');
    add(`<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`);
  }
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  return encode(
    `${body}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R ${trailer}>>\nstartxref\n${body.length}\n%%EOF\n`,
  );
}

/** A PDF that asks for a password: standard security handler, revision 2, with keys that no password opens. */
export const encryptedPdf = (): Uint8Array<ArrayBuffer> => {
  const key = `<${'5a'.repeat(32)}>`;
  return pdf(
    [[{ text: 'secret', y: 700 }]],
    `/Encrypt << /Filter /Standard /V 1 /R 2 /O ${key} /U ${key} /P -4 >> /ID [<00><00>] `,
  );
};

/** A ZIP (PKWARE APPNOTE 6.3) of deflated entries. The claims lie about the unpacked size and the entries' number. */
export async function zip(
  entries: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>,
  claimedSize?: number,
  claimedCount?: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const bytes = typeof content === 'string' ? encode(content) : content;
    const method = bytes.byteLength === 0 ? 0 : 8;
    const packed = method === 0 ? bytes : await deflate(bytes);
    const size = claimedSize ?? bytes.byteLength;
    const label = encode(name);
    const shared = numbers(
      [20, 2],
      [0, 2],
      [method, 2],
      [0, 4],
      [crc32(bytes), 4],
      [packed.byteLength, 4],
      [size, 4],
      [label.byteLength, 2],
      [0, 2],
    );
    const local = joined([numbers([0x04034b50, 4]), shared, label, packed]);
    directory.push(
      joined([
        numbers([0x02014b50, 4], [20, 2]),
        shared,
        numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]),
        label,
      ]),
    );
    locals.push(local);
    offset += local.byteLength;
  }
  const list = joined(directory);
  const count = claimedCount ?? directory.length;
  const end = numbers(
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [list.byteLength, 4],
    [offset, 4],
    [0, 2],
  );
  return joined([...locals, list, end]);
}

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

/** A Word document (ECMA-376) of headings (`# …`) and paragraphs. */
export const docx = (lines: readonly string[]): Promise<Uint8Array<ArrayBuffer>> =>
  docxOf(
    lines
      .map((line) => {
        const heading = line.startsWith('# ');
        const style = heading ? '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' : '';
        return `<w:p>${style}<w:r><w:t xml:space="preserve">${heading ? line.slice(2) : line}</w:t></w:r></w:p>`;
      })
      .join(''),
  );

export const docxOf = (body: string, claimedCount?: number): Promise<Uint8Array<ArrayBuffer>> => {
  const entries = {
    'word/document.xml': `<?xml version="1.0"?><w:document ${W}><w:body>${body}</w:body></w:document>`,
    '[Content_Types].xml':
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels':
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/styles.xml': `<?xml version="1.0"?><w:styles ${W}><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>`,
    'word/_rels/document.xml.rels':
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
  };
  return zip(entries, undefined, claimedCount);
};

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Response(bytes).body?.pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(packed ?? null).arrayBuffer());
}

/** Little-endian: [value, bytes]. */
function numbers(...fields: readonly (readonly [number, number])[]): Uint8Array<ArrayBuffer> {
  return joined(
    fields.map(([value, size]) => Uint8Array.from({ length: size }, (_, at) => (value >>> (8 * at)) & 0xff)),
  );
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

/** CRC-32 as ZIP uses it: polynomial 0xedb88320, reflected. */
const crcOfByte = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcOfByte[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}
