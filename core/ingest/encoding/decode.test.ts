import { describe, expect, test } from 'vitest';
import { Failure } from '../../failure.ts';
import { decodeBytes } from './decode.ts';
import { detectEncoding } from './detect.ts';

/** Article 1 of the Universal Declaration of Human Rights, a sentence or two, as it stands in each language. */
const article: Readonly<Record<string, readonly [text: string, ...encodings: string[]]>> = {
  German: [
    'Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geist der Brüderlichkeit begegnen.',
    'windows-1252',
    'iso-8859-15',
    'macintosh',
    'windows-1250',
  ],
  French: [
    'Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience et doivent agir les uns envers les autres dans un esprit de fraternité.',
    'windows-1252',
    'macintosh',
  ],
  Spanish: [
    'Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y conciencia, deben comportarse fraternalmente los unos con los otros. ¿Y mañana también?',
    'windows-1252',
    'macintosh',
  ],
  Portuguese: [
    'Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados de razão e de consciência, devem agir uns para com os outros em espírito de fraternidade.',
    'windows-1252',
  ],
  Italian: [
    'Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. Essi sono dotati di ragione e di coscienza; perciò la libertà è di tutti.',
    'windows-1252',
  ],
  Swedish: [
    'Alla människor är födda fria och lika i värde och rättigheter. De är utrustade med förnuft och samvete och bör handla gentemot varandra i en anda av broderskap på jorden.',
    'windows-1252',
    'macintosh',
  ],
  Danish: [
    'Alle mennesker er født frie og lige i værdighed og rettigheder. De er udstyret med fornuft og samvittighed, og de bør handle mod hverandre i en broderskabets ånd.',
    'windows-1252',
  ],
  Polish: [
    'Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa.',
    'windows-1250',
    'iso-8859-2',
  ],
  Czech: [
    'Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Jsou nadáni rozumem a svědomím a mají spolu jednat v duchu bratrství.',
    'windows-1250',
    'iso-8859-2',
  ],
  Hungarian: [
    'Minden emberi lény szabadon születik és egyenlő méltósága és joga van. Az emberek, ésszel és lelkiismerettel bírván, egymással szemben testvéri szellemben kell hogy viseltessenek. Jövőre több gyűlés lesz.',
    'windows-1250',
    'iso-8859-2',
  ],
  Croatian: [
    'Sva ljudska bića rađaju se slobodna i jednaka u dostojanstvu i pravima. Ona su obdarena razumom i sviješću i trebaju jedna prema drugima postupati u duhu bratstva. Još će doći, čekaj, znaš.',
    'windows-1250',
  ],
  Turkish: [
    'Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler ve birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler.',
    'windows-1254',
  ],
  Lithuanian: [
    'Visi žmonės gimsta laisvi ir lygūs savo orumu ir teisėmis. Jiems suteiktas protas ir sąžinė ir jie turi elgtis vienas kito atžvilgiu kaip broliai.',
    'windows-1257',
  ],
  Latvian: [
    'Visi cilvēki piedzimst brīvi un vienlīdzīgi savā pašcieņā un tiesībās. Viņi ir apveltīti ar saprātu un sirdsapziņu, un viņiem jāizturas citam pret citu brālības garā.',
    'windows-1257',
  ],
  Russian: [
    'Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства.',
    'windows-1251',
    'koi8-r',
    'ibm866',
    'iso-8859-5',
    'x-mac-cyrillic',
  ],
  Ukrainian: [
    'Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом і совістю і повинні діяти у відношенні один до одного в дусі братерства.',
    'windows-1251',
    'koi8-u',
  ],
  Bulgarian: [
    'Всички хора се раждат свободни и равни по достойнство и права. Те са надарени с разум и съвест и следва да се отнасят помежду си в дух на братство.',
    'windows-1251',
  ],
  Greek: [
    'Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. Είναι προικισμένοι με λογική και συνείδηση.',
    'windows-1253',
    'iso-8859-7',
  ],
  Hebrew: [
    'כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון, לפיכך חובה עליהם לנהוג איש ברעהו ברוח של אחוה.',
    'windows-1255',
  ],
  Arabic: [
    'يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا وعليهم أن يعامل بعضهم بعضا بروح الإخاء.',
    'windows-1256',
    'iso-8859-6',
  ],
  Thai: [
    'มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม และควรปฏิบัติต่อกันด้วยเจตนารมณ์แห่งภราดรภาพ',
    'windows-874',
  ],
  Japanese: [
    'すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。人間は、理性と良心とを授けられており、互いに同胞の精神をもって行動しなければならない。',
    'shift_jis',
    'euc-jp',
  ],
  'Chinese, simplified': [
    '人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。',
    'gb18030',
    'gbk',
  ],
  'Chinese, traditional': [
    '人人生而自由，在尊嚴和權利上一律平等。他們賦有理性和良心，並應以兄弟關係的精神相對待。',
    'big5',
  ],
  Korean: [
    '모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 천부적으로 이성과 양심을 부여받았으며 서로 형제애의 정신으로 행동하여야 한다.',
    'euc-kr',
  ],
};

/** The inverse of a decoder, found by decoding what there is. */
const encoders = new Map<string, ReadonlyMap<string, readonly number[]>>();

function encoderOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const kept = encoders.get(encoding);
  if (kept !== undefined) return kept;
  const table = new Map<string, readonly number[]>();
  const decoder = new TextDecoder(encoding, { fatal: true });
  const add = (bytes: readonly number[]) => {
    try {
      const text = decoder.decode(Uint8Array.from(bytes));
      if ([...text].length === 1 && !table.has(text)) table.set(text, bytes);
    } catch {
      // No character.
    }
  };
  for (let byte = 0; byte < 256; byte += 1) add([byte]);
  if (/jis|jp|gb|big5|kr/.test(encoding)) {
    for (let lead = 0x81; lead < 0xff; lead += 1)
      for (let trail = 0x40; trail < 0xff; trail += 1) add([lead, trail]);
  }
  encoders.set(encoding, table);
  return table;
}

function encode(text: string, encoding: string): Uint8Array {
  const table = encoderOf(encoding);
  return Uint8Array.from([...text].flatMap((character) => table.get(character) ?? [0x3f]));
}

const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at += 1) view.setUint16(at * 2, text.charCodeAt(at), littleEndian);
  return bytes;
};

const cases = Object.entries(article).flatMap(([language, [text, ...encodings]]) =>
  encodings.map((encoding) => ({ language, text, encoding })),
);

describe('ING-29: the detector', () => {
  test.each(cases)('$language in $encoding', ({ text, encoding }) => {
    const bytes = encode(text, encoding);
    const back = new TextDecoder(encoding).decode(bytes);
    const found = detectEncoding(bytes);
    expect(found).toMatchObject({ kind: 'found', text: back });
  });

  test('a table of confusions: no part of five words is read as another text; short ones are rather refused', () => {
    const counts = { right: 0, refused: 0 };
    const wrong: string[] = [];
    for (const { language, text, encoding } of cases) {
      const words = text.split(/(?<=[\s，。、])/);
      for (let from = 0; from + 5 <= words.length; from += 5) {
        const bytes = encode(words.slice(from, from + 5).join(''), encoding);
        if (bytes.every((byte) => byte < 0x80)) continue;
        const found = detectEncoding(bytes);
        if (found.kind === 'ambiguous') counts.refused += 1;
        else if (found.text === new TextDecoder(encoding).decode(bytes)) counts.right += 1;
        else wrong.push(`${language} in ${encoding} as ${found.encoding}: ${found.text}`);
      }
    }
    expect(wrong).toEqual([]);
    // docs/decisions/036-encodings.md states these.
    expect(counts).toEqual({ right: 121, refused: 18 });
  });
});

const western = 'Die Prüfung ist am Dienstag für alle, die früher kommen.';

describe('ING-29: who says what the encoding is', () => {
  test.each<[string, Uint8Array, string, string, string | undefined]>([
    [
      'a mark of UTF-8',
      Uint8Array.from([0xef, 0xbb, 0xbf, ...new TextEncoder().encode('Zürich')]),
      '',
      'Zürich',
      undefined,
    ],
    ['UTF-8', new TextEncoder().encode('Zürich, 料金'), '', 'Zürich, 料金', undefined],
    [
      'UTF-8 against what a page declares',
      new TextEncoder().encode('<meta charset="iso-8859-1"><p>Zürich, Genève, Köln</p>'),
      '',
      '<meta charset="iso-8859-1"><p>Zürich, Genève, Köln</p>',
      undefined,
    ],
    [
      'a page that declares Latin-1',
      encode('<meta charset=latin1>Menü', 'windows-1252'),
      '',
      '<meta charset=latin1>Menü',
      'Read as windows-1252, as the file declares.',
    ],
    [
      'a page that declares in http-equiv',
      encode('<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">八千円', 'shift_jis'),
      '',
      '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">八千円',
      'Read as shift_jis, as the file declares.',
    ],
    [
      'XML that declares',
      encode('<?xml version="1.0" encoding="KOI8-R"?><a>да</a>', 'koi8-r'),
      '',
      '<?xml version="1.0" encoding="KOI8-R"?><a>да</a>',
      'Read as koi8-r, as the file declares.',
    ],
    [
      'the upload',
      encode('名,市', 'gbk'),
      'text/csv; charset=cp936',
      '名,市',
      'Read as gbk, as the file declares.',
    ],
    [
      'an alias that people write',
      encode('Größe', 'windows-1252'),
      'text/plain; charset="cp1252"',
      'Größe',
      'Read as windows-1252, as the file declares.',
    ],
    [
      'UTF-16 without a mark',
      utf16('Name,Stadt\nÄnne,Bern', true),
      '',
      'Name,Stadt\nÄnne,Bern',
      'Read as utf-16le, which the file does not say.',
    ],
    [
      'UTF-16 without a mark, the other way',
      utf16('Name,Stadt', false),
      '',
      'Name,Stadt',
      'Read as utf-16be, which the file does not say.',
    ],
    [
      'Japanese mail',
      Uint8Array.from([0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42]),
      '',
      '日',
      'Read as iso-2022-jp, which the file does not say.',
    ],
    [
      'nobody',
      encode(western, 'windows-1252'),
      '',
      western,
      'Read as windows-1252, which the file does not say.',
    ],
    [
      'one that is wrong',
      encode(western, 'windows-1252'),
      'text/plain; charset=utf-8',
      western,
      'Read as windows-1252, which the file does not say.',
    ],
  ])('%s', (_name, bytes, contentType, text, remark) => {
    const read = decodeBytes(bytes, { contentType });
    expect([read.text, read.remark]).toEqual([text, remark]);
  });

  test('a long UTF-8 text with a damaged byte is UTF-8, and says so', () => {
    const bytes = new TextEncoder().encode('Grüße aus Zürich. '.repeat(400));
    bytes[bytes.indexOf(0xc3)] = 0xff;
    expect(decodeBytes(bytes).remark).toContain('place(s) are not valid UTF-8');
  });

  test.each([
    [
      'two encodings at once',
      [...new TextEncoder().encode('Grüezi zäme\n'), ...encode('Größe 44\n', 'windows-1252')],
      'several at once',
    ],
    ['too little to tell', [...encode('ł ó', 'windows-1250')], 'could be'],
  ])('%s is refused with what it may be', (_name, bytes, why) => {
    try {
      decodeBytes(Uint8Array.from(bytes));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
      expect(error).toMatchObject({ details: { reason: 'not_utf8' }, message: expect.stringContaining(why) });
    }
  });
});
