/**
 * What dialects add to Markdown, written as the Markdown that micromark reads, so that it takes the road of everything
 * else: admonitions (`:::note`, `!!! warning`), formulas between dollars, the imports of MDX, notes that nothing refers to.
 * Lines of fenced code stay as they are.
 */
export function plainMarkdown(text: string): string {
  return withLooseNotes(inCode(admonitions(text)));
}

const FENCE = /^[ \t]{0,12}(?:>[ \t]?)*(`{3,}|~{3,})/;

/** The lines, and whether each stands in fenced code. */
function* fencedLines(text: string): Iterable<readonly [line: string, isCode: boolean]> {
  let fence = '';
  for (const line of text.split('\n')) {
    const mark = FENCE.exec(line)?.[1];
    const isCode = fence !== '';
    if (mark !== undefined && fence === '') fence = mark;
    else if (mark?.startsWith(fence) && /^[\s>]*[`~]+\s*$/.test(line)) fence = '';
    yield [line, isCode || mark !== undefined];
  }
}

/** Docusaurus and Pandoc fence an admonition with colons, MkDocs indents what stands under `!!!` or `???`. */
function admonitions(text: string): string {
  const lines: string[] = [];
  let isIndented = false;
  let isModule = /^(?:import|export)\s/.test(text);
  for (const [line, isCode] of fencedLines(text)) {
    const inner = isIndented ? line.replace(/^(?: {4}|\t)/, '') : line;
    if (isIndented && line.trim() !== '' && inner === line) isIndented = false;
    if (isCode) {
      lines.push(inner);
      continue;
    }
    if (isModule && /^import\s.*['"];?\s*$/.test(line)) continue;
    if (isModule && line.trim() !== '' && !/^export\s/.test(line)) isModule = false;
    const [opened, colonKind = '', colonTitle = ''] = /^\s*:{3,}\s*\{?\.?([\w-]+)\}?(.*)$/.exec(line) ?? [];
    const [indented, barKind = '', barTitle = ''] =
      /^(?:!!!|\?\?\?\+?)\s+([\w-]+)((?:\s+[\w-]+)*\s*(?:".*")?)\s*$/.exec(line) ?? [];
    if (opened !== undefined) lines.push('', admonition(colonKind, colonTitle.replace(/^\[|\]$/g, '')), '');
    else if (/^\s*:{3,}\s*$/.test(line)) lines.push('');
    else if (indented !== undefined) {
      lines.push('', admonition(barKind, /"(.*)"/.exec(barTitle)?.[1] ?? ''), '');
      isIndented = true;
    } else lines.push(inner);
  }
  return lines.join('\n');
}

const admonition = (kind: string, title: string): string => {
  const name = kind.charAt(0).toUpperCase() + kind.slice(1).toLowerCase();
  return title.trim() === '' ? `**${name}:**` : `**${name}: ${title.trim()}**`;
};

/** Backticks keep micromark from reading emphasis into `$a_1 * b_1$`; Pandoc's rule says which dollars are formulas. */
const FORMULA =
  /(`+)[^`][\s\S]*?\1|\\[\\$`]|\$\$(?!\$)[^$]{1,2000}?\$\$|\$(?![\s$\d.,]*[\s$])[^$`\n]{1,300}?(?<!\s)\$(?!\d)/g;

function inCode(text: string): string {
  if (!text.includes('$')) return text;
  const parts: string[] = [];
  let open: string[] = [];
  const flush = () => {
    if (open.length > 0) parts.push(open.join('\n').replace(FORMULA, quoted));
    open = [];
  };
  for (const [line, isCode] of fencedLines(text)) {
    if (isCode) {
      flush();
      parts.push(line);
    } else open.push(line);
  }
  flush();
  return parts.join('\n');
}

const quoted = (found: string): string => {
  // A bar may end the cell of a table, which is not seen from here.
  if (!found.startsWith('$') || found.includes('|')) return found;
  return `\`${found.replace(/\s*\n\s*/g, ' ').replace(/^(\$+)\s*|\s*(\$+)$/g, '$1$2')}\``;
};

const NOTE = /^ {0,3}\[\^([^\]\s]{1,200})\]:[ \t]?/;

/** A note that nothing refers to is not drawn, and its text would be lost: it becomes a paragraph. */
function withLooseNotes(text: string): string {
  if (!text.includes('[^')) return text;
  const referred = new Set<string>();
  const lines = [...fencedLines(text)];
  for (const [line, isCode] of lines) {
    if (isCode) continue;
    for (const [, label = ''] of line.replace(NOTE, '').matchAll(/\[\^([^\]\s]{1,200})\]/g))
      referred.add(label.toLowerCase());
  }
  return lines
    .map(([line, isCode]) => {
      const label = isCode ? undefined : NOTE.exec(line)?.[1];
      return label === undefined || referred.has(label.toLowerCase())
        ? line
        : line.replace(NOTE, `\n\\[${label}\\] `);
    })
    .join('\n');
}

export interface FrontMatter {
  /**
   * What its fields say of the document, as "name: value"; what they hold of lists and maps stands in further lines as it is
   * written. The title is not among them, nor what is said to the site's generator alone.
   */
  readonly fields: readonly string[];
  readonly title: string;
  readonly body: string;
}

/** YAML between two `---`, TOML between two `+++`; else the first line is a rule or text, and what follows is text. */
export function frontMatterOf(text: string): FrontMatter {
  const none = { fields: [], title: '', body: text };
  const [whole, mark, lines] = /^(---|\+\+\+)[^\S\n]*\n((?:.*\n)*?)\1[^\S\n]*(?:\n|$)/.exec(text) ?? [];
  if (whole === undefined || lines === undefined || lines.trim() === '') return none;
  const isToml = mark === '+++';
  const field = isToml ? /^(?:\[|[\w."'-]+\s*=|\s|#|[\]}]|$)/ : /^(?:[\w."'-]+\s*:(?:\s|$)|\s|-\s|#|[\]}]|$)/;
  const written = lines.split('\n');
  if (!written.every((line) => field.test(line))) return none;
  const fields = written
    .filter((line) => line.trim() !== '' && !/^\s*#/.test(line))
    .map((line) => (isToml ? line.replace(/^([\w."'-]+)\s*=\s*/, '$1: ') : line))
    .map((line) => line.replace(/^(\s*(?:- )?(?:[\w."'-]+\s*:\s)?)(["'])(.*)\2\s*$/, '$1$3'));
  const title = fields.map((line) => /^title\s*:\s*(\S.*)$/i.exec(line)?.[1]).find((found) => found) ?? '';
  return { fields: entriesOf(fields).filter(isOfDocument), title, body: text.slice(whole.length) };
}

/** Each field with the lines that belong to it. */
function entriesOf(lines: readonly string[]): readonly string[] {
  const entries: string[] = [];
  for (const line of lines) {
    const last = entries.length - 1;
    if (last >= 0 && /^(?:\s|-\s|[\]}])/.test(line)) entries[last] = `${entries[last]}\n${line}`;
    else entries.push(line);
  }
  return entries;
}

/** Names of fields, none of which a person gives to a document, by which the generators of sites (Hugo, Jekyll, Docusaurus, Astro, Eleventy) are told what to do. */
const GENERATOR =
  /^(?:layout|permalink|slug|redirects?(?:_from|_to)?|old_?urls?|sidebar\w*|nav_?(?:order|title)|toc|hide_\w+|noindex|robots|sitemap|cspell|prettier\w*|og_?\w*|open_?graph\w*|twitter_?\w*|edit_?url|pagination_\w+)$/i;

/** A path of the site, a switch, or nothing. */
const SWITCH = /^(?:|["']?(?:\.{0,2}\/\S*|true|false|null|~|\[\]|\{\})["']?)$/i;

function isOfDocument(entry: string): boolean {
  const [, name = '', value = ''] = /^([\w."'-]+)\s*:\s*([\s\S]*)$/.exec(entry) ?? [];
  if (name === '' || /^title$/i.test(name) || GENERATOR.test(name)) return false;
  return !value.split('\n').every((line) => SWITCH.test(line.trim().replace(/^-\s*/, '')));
}
