// The smallest browser in which Mermaid's parsers load. Nothing here draws. DOMPurify finds no way to
// create a document, calls itself unsupported and hands every text back as it came.
globalThis.window = globalThis;

(() => {
  const nothing = () => {};

  globalThis.Node = class Node {};
  globalThis.Element = class Element extends Node {};
  globalThis.document = { nodeType: 9, createElement: () => ({}) };
  globalThis.navigator = { userAgent: '' };
  globalThis.location = {};
  globalThis.performance = { now: () => 0 };
  globalThis.addEventListener = nothing;
  globalThis.structuredClone ??= (value) => JSON.parse(JSON.stringify(value));
  globalThis.TextEncoder = class {
    encode(text) { return Uint8Array.from(unescape(encodeURIComponent(text)), (char) => char.charCodeAt(0)); }
  };
  globalThis.TextDecoder = class {
    decode(bytes) { return decodeURIComponent(escape(String.fromCharCode(...bytes))); }
  };
  // Mermaid sets the colour of a `rect` on an option, and asks whether it stayed.
  globalThis.Option = class { style = {}; };
  globalThis.console = Object.fromEntries(
    ['log', 'debug', 'info', 'warn', 'error', 'trace', 'time', 'timeEnd'].map((name) => [name, nothing]));
})();
