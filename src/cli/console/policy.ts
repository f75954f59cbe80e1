/**
 * What a browser may do with the console's page, and who may frame, read or remember it. `npm run build:web` writes the
 * same policy into the page, for hosts of static files that send no headers.
 */

/** As directives of Content Security Policy Level 3. */
const directives: Readonly<Record<string, string>> = {
  "default-src": "'none'",
  "script-src": "'self'",
  // Components set sizes and positions as styles; there is no way to run a script by one.
  "style-src": "'self' 'unsafe-inline'",
  "img-src": "'self' data: blob:",
  "font-src": "'self'",
  "connect-src": "'self'",
  "worker-src": "'self'",
  // Mail as HTML, cleaned, in a frame that may do nothing.
  "frame-src": "'self' blob:",
  "base-uri": "'none'",
  "form-action": "'none'",
};

/** For a <meta> element, where frame-ancestors has no meaning. */
export const PAGE_POLICY = Object.entries(directives)
  .map(([name, value]) => `${name} ${value}`)
  .join("; ");

/** Sent with every answer. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": `${PAGE_POLICY}; frame-ancestors 'none'`,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};
