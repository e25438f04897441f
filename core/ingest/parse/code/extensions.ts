/** Names of files of the languages whose declarations are known (languages.ts), which is loaded for them alone. */
export const codeExtensions: readonly string[] = `
  js mjs cjs jsx ts mts cts tsx vue svelte py pyi java groovy gradle cs kt kts scala sc swift dart
  php go rs c h cc cpp cxx hpp hh hxx ino m mm rb rake ex exs lua jl sh bash zsh ksh ps1 psm1 pl pm
  r sql hs proto graphql gql tf hcl vb bas
`
  .trim()
  .split(/\s+/);
