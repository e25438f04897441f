// The package has types for its Node entry only; this one bundle runs in Workers and in Node alike.
declare module 'mammoth/mammoth.browser.js' {
  import mammoth from 'mammoth';
  export default mammoth;
}
