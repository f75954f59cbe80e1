/** The engine in a Web Worker of the page. Placeholder until src/engine can be started. */

export {};
