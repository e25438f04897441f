import { html, raw } from 'hono/html';
import packageFile from '../../package.json' with { type: 'json' };
import { type ErrorCode, errorCodes } from './error-codes.ts';

/**
 * The pages of the reference. Scalar draws `/docs` from `/openapi.json`; its bundle is a static asset of ours
 * (`web/vite.config.ts` puts it there), so the Worker does not grow and no other host is asked for anything.
 *
 *  SEC-21 Both pages run scripts of this origin only, and none that stands in the page.
 */
export const referencePolicy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  // Scalar sets styles as it draws.
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export const scalarAsset = `/assets/scalar-${packageFile.devDependencies['@scalar/api-reference']}.js`;

const configuration = JSON.stringify({
  url: '/openapi.json',
  title: 'Selvedge API',
  theme: 'none',
  layout: 'modern',
  // Everything below would ask another host for something.
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true, hideAddApi: true },
  mcp: { disabled: true },
  defaultOpenAllTags: false,
  metaData: { title: 'Selvedge API' },
});

export const referencePage = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Selvedge API</title><link rel="icon" href="data:,">
<style>${raw(`
:root { color-scheme: light dark; --scalar-font: system-ui, sans-serif; --scalar-font-code: ui-monospace, monospace }
.light-mode { --scalar-color-1: #1c2330; --scalar-color-2: #4a5264; --scalar-color-3: #666d7c; --scalar-color-accent: #2b3a73; --scalar-background-1: #fdfcf9; --scalar-background-2: #f5f2ea; --scalar-background-3: #ebe6da; --scalar-background-accent: #2b3a7314; --scalar-border-color: #d9d4c7 }
.dark-mode { --scalar-color-1: #e6e4dd; --scalar-color-2: #b3b1aa; --scalar-color-3: #94938d; --scalar-color-accent: #9fb0f0; --scalar-background-1: #14171d; --scalar-background-2: #1b1f27; --scalar-background-3: #262b35; --scalar-background-accent: #9fb0f01f; --scalar-border-color: #2c323d }
`)}</style>
</head>
<body>
<noscript>This page needs JavaScript. The same in a file: <a href="/openapi.json">openapi.json</a>.</noscript>
<script id="api-reference" data-url="/openapi.json" data-configuration="${configuration}"></script>
<script src="/theme.js"></script>
<script src="${scalarAsset}"></script>
</body>
</html>`;

/** `/docs/errors#not_found`: where the `type` of a problem leads. */
export const errorsPage = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Errors of the Selvedge API</title><link rel="icon" href="data:,">
<style>${raw(`
:root { color-scheme: light dark; --line: light-dark(#d9d4c7, #2c323d) }
body { font: 16px/1.5 system-ui, sans-serif; color: light-dark(#1c2330, #e6e4dd); background: light-dark(#fdfcf9, #14171d); max-width: 46rem; margin: 0 auto; padding: 2rem 1rem }
a { color: light-dark(#2b3a73, #9fb0f0) }
section { border-top: 1px solid var(--line); padding: .75rem 0 } section:target { border-left: 3px solid currentColor; padding-left: .75rem }
h2 { font: 600 1rem ui-monospace, monospace; margin: 0; overflow-wrap: anywhere } p { margin: .25rem 0 }
`)}</style>
</head>
<body>
<h1>Errors</h1>
<p>Every error has a code. Under <code>/v1</code> it is <code>error.code</code> in OpenAI's envelope; elsewhere it is
<code>code</code> in a problem document (RFC 9457). <code>param</code> names the field at fault. See the
<a href="/docs">reference</a>.</p>
${Object.entries(errorCodes).map(
  ([code, { status, means, remedy }]: [string, ErrorCode]) =>
    html`<section id="${code}"><h2>${code}</h2><p>Status ${status}. ${marked(means)}</p><p>${marked(remedy)}</p></section>
`,
)}
</body>
</html>`;

/** Text with code between backticks. */
function marked(text: string) {
  return text.split('`').map((part, place) => (place % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}
