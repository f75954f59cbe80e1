/** The console: starts the page. */
export {};
