import { childAt, childOf, elementsOf, textOf, type XmlElement } from '../xml.ts';
import { valueIn } from './package.ts';

/**
 * Equations of Word and PowerPoint (OMML, ECMA-376-1, 22.1) as LaTeX, as it is commonly written: `E=mc^2`,
 * `\frac{a}{b}`, `\sum_{i=1}^n x_i`. Models read it and people know it.
 *
 *  ING-54 An equation keeps every symbol of its own: no sentence of an office document reads as if it were not there.
 */
export const equation = (math: XmlElement): string => {
  const latex = tidy(row(math));
  return latex === '' ? '' : `$${latex}$`;
};

const tidy = (latex: string): string =>
  latex
    .replace(/\s+/g, ' ')
    .replace(/(\\[a-zA-Z]+) (?=[^a-zA-Z])/g, '$1')
    .replace(/ (?=[}\])^_,])/g, '')
    .trim();

const row = (parent: XmlElement | undefined): string =>
  parent === undefined ? '' : elementsOf(parent).map(latexOf).join('');

const part = (parent: XmlElement, name: string): string => row(childOf(parent, `m:${name}`));

/** Braces where there is more than one character or command. */
const group = (latex: string): string => {
  const inner = latex.trim();
  return /^(?:.|\\[a-zA-Z]+)$/su.test(inner) ? inner : `{${inner}}`;
};

const raised = (parent: XmlElement): string => `^${group(part(parent, 'sup'))}`;
const lowered = (parent: XmlElement): string => `_${group(part(parent, 'sub'))}`;

const property = (element: XmlElement, name: string): string | undefined =>
  valueIn(childOf(element, `${element.name}Pr`), `m:${name}`);

const isHidden = (element: XmlElement, name: string): boolean => {
  const found = childAt(element, `${element.name}Pr`, `m:${name}`);
  return found !== undefined && !['0', 'off', 'false'].includes(found.attributes['m:val'] ?? '1');
};

function latexOf(element: XmlElement): string {
  switch (element.name) {
    case 'm:r':
      return run(element);
    case 'm:f': {
      const [above, below] = [part(element, 'num').trim(), part(element, 'den').trim()];
      const type = property(element, 'type');
      if (type === 'noBar') return `\\binom{${above}}{${below}}`;
      return type === 'lin' || type === 'skw' ? `${above}/${below}` : `\\frac{${above}}{${below}}`;
    }
    case 'm:sSup':
      return `${base(element)}${raised(element)}`;
    case 'm:sSub':
      return `${base(element)}${lowered(element)}`;
    case 'm:sSubSup':
      return `${base(element)}${lowered(element)}${raised(element)}`;
    case 'm:sPre':
      return `{}${lowered(element)}${raised(element)}${part(element, 'e')}`;
    case 'm:rad': {
      const degree = isHidden(element, 'degHide') ? '' : part(element, 'deg').trim();
      return `\\sqrt${degree === '' ? '' : `[${degree}]`}{${part(element, 'e').trim()}}`;
    }
    case 'm:nary':
      return nary(element);
    case 'm:d':
      return fenced(element);
    case 'm:m':
      return `\\begin{matrix}${elementsOf(element)
        .filter((one) => one.name === 'm:mr')
        .map((line) => cells(line).join(' & '))
        .join(' \\\\ ')}\\end{matrix}`;
    case 'm:eqArr':
      return `\\begin{aligned}${cells(element).join(' \\\\ ')}\\end{aligned}`;
    case 'm:func':
      return `${named(part(element, 'fName'))}${group(part(element, 'e'))}`;
    case 'm:limLow':
      return `${named(part(element, 'e'))}_{${part(element, 'lim').trim()}}`;
    case 'm:limUpp':
      return `${named(part(element, 'e'))}^{${part(element, 'lim').trim()}}`;
    case 'm:acc':
      return `${accents[property(element, 'chr') ?? '\u0302'] ?? '\\hat'}{${part(element, 'e').trim()}}`;
    case 'm:bar':
      return `\\${property(element, 'pos') === 'top' ? 'over' : 'under'}line{${part(element, 'e').trim()}}`;
    case 'm:groupChr': {
      const isAbove = property(element, 'pos') === 'top';
      return `\\${isAbove ? 'over' : 'under'}brace{${part(element, 'e').trim()}}`;
    }
    case 'm:borderBox':
      return `\\boxed{${part(element, 'e').trim()}}`;
    default:
      // Properties hold no text; what is unknown keeps its parts.
      return element.name.endsWith('Pr') ? '' : row(element);
  }
}

/** What is raised belongs to the last letter only, unless it is grouped. */
const base = (element: XmlElement): string => {
  const latex = part(element, 'e').trim();
  return /^(?:.|\\[a-zA-Z]+|\d+|[([].*[)\]]|\\left.*\\right.)$/su.test(latex) ? latex : `{${latex}}`;
};

const cells = (element: XmlElement): readonly string[] =>
  elementsOf(element)
    .filter((one) => one.name === 'm:e')
    .map((one) => row(one).trim());

function nary(element: XmlElement): string {
  const sign = property(element, 'chr') ?? '∫';
  const from = isHidden(element, 'subHide') || part(element, 'sub') === '' ? '' : lowered(element);
  const to = isHidden(element, 'supHide') || part(element, 'sup') === '' ? '' : raised(element);
  return `${(symbols.get(sign) ?? sign).trim()}${from}${to} ${part(element, 'e').trim()}`;
}

function fenced(element: XmlElement): string {
  const inside = cells(element).join(property(element, 'sepChr') ?? '|');
  const [open, close] = [property(element, 'begChr') ?? '(', property(element, 'endChr') ?? ')'];
  const [left, right] = [fences[open] ?? open, fences[close] ?? close];
  const isTall = /\\(?:frac|begin|sum|int|prod)/.test(inside);
  if (isTall) return `\\left${left === '' ? '.' : left}${inside}\\right${right === '' ? '.' : right}`;
  return `${left}${inside}${right}`;
}

const fences: Readonly<Record<string, string>> = {
  '{': '\\{',
  '}': '\\}',
  '⟨': '\\langle ',
  '⟩': '\\rangle ',
  '⌈': '\\lceil ',
  '⌉': '\\rceil ',
  '⌊': '\\lfloor ',
  '⌋': '\\rfloor ',
  '‖': '\\|',
};

const accents: Readonly<Record<string, string>> = {
  '\u0302': '\\hat',
  '\u0303': '\\tilde',
  '\u0304': '\\bar',
  '\u0305': '\\overline',
  '\u0307': '\\dot',
  '\u0308': '\\ddot',
  '\u030c': '\\check',
  '\u0306': '\\breve',
  '\u0300': '\\grave',
  '\u0301': '\\acute',
  '\u20d7': '\\vec',
  '\u20d6': '\\overleftarrow',
};

const functions = new Set(
  'sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln lg exp lim max min sup inf det dim gcd arg ker Pr'.split(
    ' ',
  ),
);

const named = (name: string): string => {
  const bare = name.replace(/^\\(?:mathrm|text)\{(.*)\}$/, '$1').trim();
  const first = /^[a-zA-Z]+/.exec(bare)?.[0] ?? '';
  if (functions.has(first)) return `\\${bare} `;
  return /^[a-zA-Z]{2,}$/.test(bare) ? `\\operatorname{${bare}}` : name;
};

function run(element: XmlElement): string {
  const text = elementsOf(element)
    .filter((one) => one.name === 'm:t')
    .map(textOf)
    .join('');
  const isPlainText = childAt(element, 'm:rPr', 'm:nor') !== undefined;
  if (isPlainText) return text.trim() === '' ? ' ' : `\\text{${text}}`;
  return Array.from(text.normalize('NFKC'), (character) => symbols.get(character) ?? character).join('');
}

/** Characters and their commands, in turn. */
const commands = `
  α alpha β beta γ gamma δ delta ε varepsilon ϵ epsilon ζ zeta η eta θ theta ϑ vartheta ι iota
  κ kappa λ lambda μ mu ν nu ξ xi π pi ϖ varpi ρ rho ϱ varrho σ sigma ς varsigma τ tau υ upsilon
  φ varphi ϕ phi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon
  Φ Phi Ψ Psi Ω Omega ∑ sum ∏ prod ∐ coprod ∫ int ∬ iint ∭ iiint ∮ oint ⋃ bigcup ⋂ bigcap ⋁ bigvee
  ⋀ bigwedge ∞ infty ∂ partial ∇ nabla √ surd ± pm ∓ mp × times ÷ div ⋅ cdot · cdot ∗ ast ∘ circ
  ≤ leq ≥ geq ≠ neq ≈ approx ≡ equiv ≅ cong ∼ sim ∝ propto ≪ ll ≫ gg ∈ in ∉ notin ∋ ni ⊂ subset
  ⊃ supset ⊆ subseteq ⊇ supseteq ∪ cup ∩ cap ∖ setminus ∅ emptyset ∀ forall ∃ exists ¬ neg ∧ wedge
  ∨ vee → to ← leftarrow ↔ leftrightarrow ⇒ Rightarrow ⇐ Leftarrow ⇔ Leftrightarrow ↦ mapsto
  ⊥ perp ∥ parallel ∠ angle △ triangle … ldots ⋯ cdots ⋮ vdots ⋱ ddots ℏ hbar ℓ ell ℝ mathbb{R}
  ⊕ oplus ⊗ otimes † dagger ′ prime`;

const symbols = new Map(
  [...commands.matchAll(/(\S+) (\S+)/g)].map(([, character = '', command]) => [character, `\\${command} `]),
);
