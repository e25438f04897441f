import { pdf, zip } from '../documents.ts';
import type { FormatSample } from './sample.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

export const otherSamples: readonly FormatSample[] = [
  {
    filename: 'book.epub',
    features: ['headings', 'lists', 'tables', 'links'],
    content: zip({
      mimetype: 'application/epub+zip',
      'META-INF/container.xml':
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
      'OEBPS/book.opf':
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>On Pumps</dc:title></metadata><manifest><item id="b" href="two.xhtml" media-type="application/xhtml+xml"/><item id="a" href="text/one%20a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
      'OEBPS/two.xhtml': '<html><body><p>The end.</p></body></html>',
      'OEBPS/text/one a.xhtml':
        '<html><head><title>x</title></head><body><h1>Valves</h1><ul><li>red</li></ul><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table><p><a href="https://valves.example.org">More</a></p></body></html>',
    }),
    blocks: [
      'heading: On Pumps',
      'heading: Valves',
      'list: - red',
      'table: A | B\n1 | 2',
      'paragraph: More (https://valves.example.org)',
      'paragraph: The end.',
    ],
  },
  {
    filename: 'letter.rtf',
    features: [
      'headings',
      'lists',
      'tables',
      'merged cells',
      'links',
      'notes and comments',
      'repeated on pages',
      'hidden left out',
    ],
    content:
      "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial;}}{\\stylesheet{\\s1 heading 1;}}{\\*\\generator X;}{\\header\\pard File 12\\par}{\\pict 89504e47}\\pard\\s1 Terms\\par\\pard {\\listtext\\'b7\\tab}Gr\\'fc\\'dfe\\par\\trowd\\clvmgf\\cellx1\\cellx2\\pard\\intbl Zone\\cell Price\\cell\\row\\trowd\\clvmgf\\cellx1\\cellx2\\pard\\intbl North\\cell 9\\cell\\row\\trowd\\clvmrg\\cellx1\\cellx2\\pard\\intbl\\cell 17\\cell\\row\\pard {\\f1\\'cf\\'f0\\'e8\\'e2\\'e5\\'f2} \\u26085?\\u26412?{\\v hidden} {\\field{\\*\\fldinst HYPERLINK \"https://terms.example.org\"}{\\fldrslt here}}{\\*\\annotation{\\*\\atndate 1}\\pard Ask Ida.}{\\footnote\\pard From May.\\par}\\par}",
    blocks: [
      'paragraph: File 12',
      'heading: Terms',
      'list: - Grüße',
      'table: Zone | Price\nNorth | 9\nNorth | 17',
      'paragraph: Привет 日本 here (https://terms.example.org) [Comment: Ask Ida.][1]',
      'paragraph: [1] From May.',
    ],
  },
  {
    filename: 'mail.eml',
    features: ['headings', 'tables', 'documents inside'],
    content: [
      'From: =?utf-8?q?J=C3=BCrg?= <j@example.org>',
      'To: Ida <ida@example.org>',
      `Subject: =?utf-8?b?${base64('Prüfung')}?=`,
      'Date: Mon, 3 Mar 2031 09:00:00 +0100',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: multipart/alternative; boundary=c',
      '',
      '--c',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Zone Fee North 9',
      '--c',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<table><tr><th>Zone</th><th>Fee</th></tr><tr><td>North</td><td>9</td></tr></table>',
      '--c--',
      '--b',
      'Content-Type: text/csv; name=fees.csv',
      'Content-Disposition: attachment; filename=fees.csv',
      'Content-Transfer-Encoding: base64',
      '',
      base64('town,fee\nBern,12\nChur,19\n'),
      '--b',
      'Content-Type: application/octet-stream',
      'Content-Disposition: attachment; filename=setup.bin',
      'Content-Transfer-Encoding: base64',
      '',
      base64('\u007fELF'),
      '--b--',
      '',
    ].join('\r\n'),
    blocks: [
      'heading: Prüfung',
      'paragraph: From: Jürg <j@example.org>\nTo: Ida <ida@example.org>\nDate: Mon, 3 Mar 2031 09:00:00 +0100',
      'table: Zone | Fee\nNorth | 9',
      'heading: Attachment: fees.csv',
      'table: town: Bern | fee: 12\ntown: Chur | fee: 19',
      'heading: Attachment: setup.bin',
      "paragraph: [The attachment was not read. 'setup.bin' cannot be read: it is a program, and no document.]",
    ],
    remark: /attachment was not read/,
  },
  {
    filename: 'box.mbox',
    features: ['headings'],
    content:
      'From a@example.org Mon\nFrom: A <a@example.org>\nSubject: One\nMIME-Version: 1.0\n\nFirst.\n\nFrom b@example.org Tue\nFrom: B <b@example.org>\nSubject: Two\nMIME-Version: 1.0\n\nSecond.\n',
    blocks: [
      'heading: One',
      'paragraph: From: A <a@example.org>',
      'paragraph: First.',
      'heading: Two',
      'paragraph: From: B <b@example.org>',
      'paragraph: Second.',
    ],
  },
  {
    filename: 'run.ipynb',
    features: ['headings', 'tables', 'code'],
    content: JSON.stringify({
      nbformat: 4,
      cells: [
        {
          cell_type: 'markdown',
          source: ['# Churn\n', '\n', '![x](data:image/png;base64,AAAA)The limit is 7.'],
        },
        {
          cell_type: 'code',
          source: 'fit()',
          outputs: [
            { output_type: 'stream', text: ['\u001b[31mdone\u001b[0m'] },
            {
              output_type: 'display_data',
              data: { 'image/png': 'iVBORw0KGgo', 'text/plain': '<Figure size 640x480 with 1 Axes>' },
            },
            {
              output_type: 'execute_result',
              data: {
                'text/html': '<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>',
              },
            },
          ],
        },
      ],
    }),
    blocks: [
      'heading: Churn',
      'paragraph: xThe limit is 7.',
      'code: fit()',
      'code: done',
      'table: a | b\n1 | 2',
    ],
  },
  {
    filename: 'manual.xml',
    features: ['headings', 'lists', 'tables', 'code'],
    content:
      '<?xml version="1.0"?><book><title>Brakes</title><section><title>Pads</title><para>Change <emphasis>soon</emphasis>.</para><itemizedlist><listitem><para>front</para></listitem></itemizedlist><programlisting>torque = 41</programlisting></section><parts><part sku="A-1"><name>Pad</name><price>7</price></part><part sku="B-2"><name>Disc</name><price>9</price></part></parts></book>',
    blocks: [
      'heading: Brakes',
      'heading: Pads',
      'paragraph: Change soon.',
      'list: - front',
      'code: torque = 41',
      'table: sku: A-1 | name: Pad | price: 7\nsku: B-2 | name: Disc | price: 9',
    ],
  },
  {
    filename: 'news.rss',
    features: ['headings', 'links'],
    content:
      '<?xml version="1.0"?><rss><channel><title>Depot news</title><item><title>Closed</title><link>https://news.example.org/1</link><pubDate>3 Mar 2031</pubDate><description>&lt;p&gt;Until &lt;b&gt;May&lt;/b&gt;.&lt;/p&gt;</description></item></channel></rss>',
    blocks: [
      'heading: Depot news',
      'heading: Closed',
      'paragraph: 3 Mar 2031 · https://news.example.org/1',
      'paragraph: Until May.',
    ],
  },
  {
    filename: 'talk.vtt',
    features: [],
    content:
      'WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Kim>The harbour opens\n\n00:00:04.000 --> 00:00:06.000\n<v Kim>at six.\n\n00:01:07.000 --> 00:01:09.000\n<v Lee>Good.\n',
    blocks: ['paragraph: [00:00:01] Kim: The harbour opens at six.', 'paragraph: [00:01:07] Lee: Good.'],
  },
  {
    filename: 'dates.ics',
    features: ['headings'],
    content:
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Board\\, March\nDTSTART;TZID=Europe/Zurich:20310303T090000\nLOCATION:Hall\n  4\nATTENDEE;CN=Ida:mailto:ida@example.org\nEND:VEVENT\nEND:VCALENDAR\n',
    blocks: [
      'heading: Board, March',
      'paragraph: Start: 2031-03-03 09:00 Europe/Zurich\nLocation: Hall 4\nAttendee: Ida (ida@example.org)',
    ],
  },
  {
    filename: 'client.py',
    features: ['headings', 'code'],
    content:
      'LIMIT = 3\n\nclass Client:\n    # Sends.\n    def send(self):\n        def inner():\n            pass\n        return LIMIT\n\ndef main():\n    Client().send()\n\nmain()\n',
    blocks: [
      'heading: client.py',
      'code: LIMIT = 3',
      'heading: class Client',
      'code: class Client:',
      'heading: def send',
      'code: # Sends.\n    def send(self):\n        def inner():\n            pass\n        return LIMIT',
      'heading: def main',
      'code: def main():\n    Client().send()',
      'heading: client.py',
      'code: main()',
    ],
  },
  {
    filename: 'page.html',
    features: [
      'headings',
      'lists',
      'tables',
      'merged cells',
      'formulas',
      'ticks and fields',
      'links',
      'hidden left out',
      'code',
    ],
    content:
      '<html><body><h1>Fees</h1><ul><li>one</li></ul><table><tr><th>Zone</th><th>Fee</th></tr><tr><td rowspan="2">North</td><td>9</td></tr><tr><td>17</td></tr></table><p>So <math><msup><mi>a</mi><mn>2</mn></msup></math> <a href="mailto:ida@example.org">Ida</a></p><p><input type="checkbox"> Paid</p><p hidden>no</p><pre>x = 1</pre></body></html>',
    blocks: [
      'heading: Fees',
      'list: - one',
      'table: Zone | Fee\nNorth | 9\nNorth | 17',
      'paragraph: So $a^2$ Ida (ida@example.org)',
      'paragraph: [ ] not checked: Paid',
      'code: x = 1',
    ],
  },
  {
    filename: 'guide.md',
    features: ['headings', 'lists', 'tables', 'code'],
    content: '# Guide\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx\n```\n',
    blocks: ['heading: Guide', 'list: - one', 'table: a | b\n1 | 2', 'code: x'],
  },
  {
    filename: 'fees.csv',
    features: ['tables'],
    content: 'town,fee\nBern,12\nChur,19\n',
    blocks: ['table: town: Bern | fee: 12\ntown: Chur | fee: 19'],
  },
  { filename: 'a.json', features: [], content: '{"a":{"b":1}}', blocks: ['paragraph: a.b: 1'] },
  { filename: 'a.jsonl', features: [], content: '{"a":1}\n', blocks: ['paragraph: [0].a: 1'] },
  {
    filename: 'a.txt',
    features: [],
    content: 'One.\n\nTwo.',
    blocks: ['paragraph: One.', 'paragraph: Two.'],
  },
  {
    filename: 'a.pdf',
    features: ['pages'],
    content: pdf([[{ text: 'The first page.', y: 700 }], [{ text: 'The second page.', y: 700 }]]),
    blocks: ['paragraph 1: The first page.', 'paragraph 2: The second page.'],
  },
];
