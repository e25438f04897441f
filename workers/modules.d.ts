// Files that the bundler turns into values: SQL as text, WebAssembly as a compiled module.
declare module '*.sql' {
  const text: string;
  export default text;
}
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
