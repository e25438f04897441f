import type { Client } from './clients.ts';
import type { Report } from './run-client.ts';

/** docs/reference/clients.md, made from what the clients reported. */
export interface Ran {
  readonly client: Client;
  readonly report: Report;
}

/** The columns, in the order in which somebody asks. */
const columns: readonly (readonly [string, string])[] = [
  ['plain', 'plain'],
  ['stream', 'stream'],
  ['turns', 'turns'],
  ['tools', 'tools'],
  ['structured', 'structured'],
  ['documents', 'documents'],
  ['embeddings', 'embeddings'],
];

const head = `# Clients

Unmodified clients from the ordinary registries, run against \`npm start\` by \`npm run test:clients\`, which makes this page and fails
when it is not what the run shows. The model behind the service is a scripted one that calls tools and keeps to schemas; *turns*
are three and more, in which a client sends back what the service said, in its own way.

| capability | what a ✓ stands for |
|---|---|
| plain | one question, one answer |
| stream | the answer word by word, and its end read as usage or as a final object |
| turns | a conversation that a client carries on itself: objects, dumps, item references, sessions |
| tools | function tools: a call, its output, the answer; parallel calls where the client has them |
| structured | an answer that is parsed with a schema of the client's own kind |
| documents | \`file_search\`, or \`vector_store_ids\` in chat completions, with citations, and a second turn |
| embeddings | \`/v1/embeddings\` in the client's own form |

A dash: the client has no such thing, or nobody has tried it yet.
`;

export function renderTable(ran: readonly Ran[]): string {
  const marks = ({ client, report }: Ran): string => {
    const cells = columns.map(([key]) =>
      mark(report.outcomes.filter(({ capability }) => capability === key)),
    );
    return `| ${[client.name, ...cells].join(' | ')} |`;
  };
  const table = [
    `| client | ${columns.map(([, title]) => title).join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
    ...ran.map(marks),
  ];
  return [head, table.join('\n'), '\n## Every case\n', ran.map(cases).join('\n\n'), ''].join('\n');
}

function mark(outcomes: Report['outcomes']): string {
  if (outcomes.length === 0) return '–';
  return outcomes.every(({ fault }) => fault === null) ? '✓' : '✗';
}

function cases({ client, report }: Ran): string {
  const versions = Object.entries(report.versions).map(([name, version]) => `\`${name}\` ${version}`);
  const titles = report.outcomes.map(({ capability, title }) => `- *${capability}*: ${title}`);
  return [`### ${client.name}`, '', versions.join(', '), '', ...titles].join('\n');
}
