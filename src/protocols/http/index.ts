/** Hypertext Transfer Protocol, HTTP/1.1: RFC 9110, RFC 9112. See README.md. */
export * from "./client.ts";
export * from "./content.ts";
export * from "./date.ts";
export * from "./errors.ts";
export * from "./form.ts";
export * from "./framing.ts";
export * from "./request.ts";
export * from "./response.ts";
export * from "./server.ts";
export * from "./status.ts";
export * from "./target.ts";
export * from "./wire.ts";
