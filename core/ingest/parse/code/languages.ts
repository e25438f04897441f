/** How a language declares what has a name. Lines are looked at without their indentation. */
export interface Declaration {
  readonly kind: string;
  /** The first group is the name. */
  readonly pattern: RegExp;
  /** Declarations are looked for in it: a class has methods, a function's inner ones are its own business. */
  readonly isContainer?: true;
}

const modifiers =
  '(?:(?:export|default|public|private|protected|internal|static|final|abstract|sealed|open|override|async|readonly|virtual|inline|suspend|data|const|constexpr|unsafe|extern|pub(?:\\([^)]*\\))?|declare|partial|fileprivate|mutating|synchronized|native|transient|implicit|lazy|case|companion|value|inner|operator|infix|required|convenience|@\\w+(?:\\([^)]*\\))?)\\s+)*';

const declaration = (kind: string, pattern: string, isContainer?: true): Declaration => ({
  kind,
  pattern: new RegExp(`^${pattern}`, 'u'),
  ...(isContainer === undefined ? {} : { isContainer }),
});

const type = (words: string) => declaration('', `${modifiers}(?:${words})\\s+([\\w$]+)`, true);

/** A method by its form: a name, parameters, and no end of a statement. Words that begin statements are no names. */
const method = declaration(
  '',
  `(?!(?:if|for|while|switch|catch|return|new|else|do|throw|await|yield|typeof|sizeof|using|lock|foreach|when|super|this|assert|delete|case|function)\\b)${modifiers}(?:[\\w$<>\\[\\],.?*&:]+\\s+)*[*&]?#?~?([\\w$]+)\\s*(?:<[^>()]*>)?\\([^;]*$`,
);

const javascript: readonly Declaration[] = [
  type('class|interface|enum|namespace|module|type'),
  declaration('function ', `${modifiers}function\\s*\\*?\\s*([\\w$]+)`),
  declaration(
    '',
    `${modifiers}(?:const|let|var)\\s+([\\w$]+)\\s*(?::[^=]+)?=\\s*(?:async\\s*)?(?:function\\b|\\([^)]*\\)\\s*(?::[^=]+)?=>|[\\w$]+\\s*=>|\\($)`,
  ),
  method,
];

const like = (types: string, ...more: readonly Declaration[]): readonly Declaration[] => [
  type(types),
  ...more,
  method,
];

const c: readonly Declaration[] = [
  declaration(
    '',
    `(?:typedef\\s+)?${modifiers}(?:class|struct|union|enum(?:\\s+class)?|namespace)\\s+(\\w+)[^;]*$`,
    true,
  ),
  declaration(
    '',
    `(?!(?:if|for|while|switch|return|else|do|case)\\b)${modifiers}[\\w:<>,*&\\s]+?[\\s*&]~?([\\w:~]+)\\s*\\([^;]*$`,
  ),
];

const shell: readonly Declaration[] = [
  declaration('function ', '(?:function\\s+)?([\\w-]+)\\s*\\(\\)'),
  declaration('function ', 'function\\s+([\\w-]+)'),
];

const families: readonly (readonly [string, readonly Declaration[]])[] = [
  ['js mjs cjs jsx ts mts cts tsx vue svelte', javascript],
  [
    'py pyi',
    [declaration('class ', 'class\\s+(\\w+)', true), declaration('def ', '(?:async\\s+)?def\\s+(\\w+)')],
  ],
  ['java groovy gradle', like('class|interface|enum|record|@interface')],
  ['cs', like('class|interface|enum|struct|record|namespace')],
  [
    'kt kts',
    like(
      'class|interface|object|enum class',
      declaration('fun ', `${modifiers}fun\\s+(?:<[^>]*>\\s*)?(?:[\\w.]+\\.)?(\\w+)`),
    ),
  ],
  ['scala sc', like('class|trait|object', declaration('def ', `${modifiers}def\\s+(\\w+)`))],
  [
    'swift',
    like('class|struct|enum|protocol|extension|actor', declaration('func ', `${modifiers}func\\s+(\\w+)`)),
  ],
  ['dart', like('class|mixin|extension|enum')],
  ['php', like('class|interface|trait|enum', declaration('function ', `${modifiers}function\\s+&?(\\w+)`))],
  [
    'go',
    [declaration('func ', 'func\\s+(?:\\([^)]*\\)\\s*)?(\\w+)'), declaration('type ', 'type\\s+(\\w+)')],
  ],
  [
    'rs',
    [
      declaration('', `${modifiers}((?:impl|trait|mod|struct|enum|union)\\b[^{;(]*)`, true),
      declaration('fn ', `${modifiers}fn\\s+(\\w+)`),
      declaration('macro ', 'macro_rules!\\s+(\\w+)'),
    ],
  ],
  ['c h cc cpp cxx hpp hh hxx ino m mm', c],
  [
    'rb rake',
    [
      declaration('', '((?:class|module)\\s+[\\w:]+)', true),
      declaration('def ', 'def\\s+((?:self\\.)?[\\w?!=]+)'),
    ],
  ],
  ['ex exs', [declaration('', '(defmodule\\s+[\\w.]+)', true), declaration('def ', 'defp?\\s+([\\w?!]+)')]],
  ['lua', [declaration('function ', '(?:local\\s+)?function\\s+([\\w.:]+)')]],
  [
    'jl',
    [
      declaration('', '((?:module|struct|mutable struct)\\s+\\w+)', true),
      declaration('function ', 'function\\s+([\\w.!]+)'),
    ],
  ],
  ['sh bash zsh ksh', shell],
  ['ps1 psm1', [declaration('function ', '(?:function|filter)\\s+([\\w-]+)'), type('class')]],
  ['pl pm', [declaration('package ', 'package\\s+([\\w:]+)'), declaration('sub ', 'sub\\s+(\\w+)')]],
  ['r', [declaration('', '([\\w.]+)\\s*(?:<-|=)\\s*function\\b')]],
  [
    'sql',
    [
      declaration(
        '',
        '((?:create|alter)\\s+(?:or\\s+replace\\s+)?(?:temp\\w*\\s+|unique\\s+)?(?:table|view|materialized view|function|procedure|trigger|index|type)\\s+(?:if\\s+not\\s+exists\\s+)?[\\w."`\\[\\]]+)',
      ),
    ],
  ],
  [
    'hs',
    [
      declaration('', "([a-z][\\w']*)\\s*::"),
      declaration('', '((?:data|newtype|class|instance|type)\\s+[^=]+?)\\s*(?:=|where|$)'),
    ],
  ],
  [
    'proto graphql gql',
    [
      declaration('', '((?:message|service|enum|type|input|interface)\\s+\\w+)', true),
      declaration('rpc ', 'rpc\\s+(\\w+)'),
    ],
  ],
  ['tf hcl', [declaration('', '((?:resource|module|variable|output|data|provider)\\b[^{]*)')]],
  [
    'vb bas',
    [
      declaration(
        '',
        `${modifiers.replace('public', 'public|Public|Private|Friend|Shared')}((?:Class|Module|Sub|Function)\\s+\\w+)`,
        true,
      ),
    ],
  ],
];

const byExtension = new Map(
  families.flatMap(([extensions, declarations]) =>
    extensions.split(' ').map((extension) => [extension, declarations] as const),
  ),
);

export const declarationsOf = (extension: string): readonly Declaration[] => byExtension.get(extension) ?? [];
