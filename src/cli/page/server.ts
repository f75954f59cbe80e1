/**
 * Serves the page at http://127.0.0.1:8080/. One page, GET and HEAD; only for requests that were meant for this
 * machine: a name that an attacker's DNS points at 127.0.0.1 is turned away by its Host header.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Endpoint } from "../../net/index.ts";
import { networkErrorOf } from "../../os/errors.ts";
import { type PageView, renderPage } from "./page.ts";

export interface PageServer {
  readonly local: Endpoint;
  close(): Promise<void>;
}

/** Throws NetworkError: address-in-use, permission, address-not-available. */
export async function openPageServer(listen: Endpoint, view: () => PageView): Promise<PageServer> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, maxHeaderSize: HEADER_OCTETS_MAX });
  server.maxConnections = CONNECTIONS_MAX;
  server.on("request", (request, response) => answer(request, response, view));
  await listenAt(server, listen);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a listening server has an address");
  return {
    local: { address: address.address, port: address.port },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, view: () => PageView): void {
  const { status, type, text } = answerTo(request, response, view);
  const body = Buffer.from(text);
  response.setHeaders(new Headers(COMMON_HEADERS));
  response.writeHead(status, {
    "Content-Type": `text/${type}; charset=utf-8`,
    "Content-Length": body.length,
  });
  response.end(request.method === "HEAD" ? "" : body);
}

function answerTo(request: IncomingMessage, response: ServerResponse, view: () => PageView): Answer {
  // RFC 9110 section 7.4: a server rejects requests for an authority that it is not.
  if (!isOurs(request.headers.host))
    return refusal(421, "This is http://127.0.0.1, and answers to no other name.");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return refusal(405, "This page can only be read: GET or HEAD.");
  }
  if (pathOf(request.url) !== "/") return refusal(404, "There is only one page here: /");
  return { status: 200, type: "html", text: renderPage(view()) };
}

interface Answer {
  readonly status: number;
  readonly type: "html" | "plain";
  readonly text: string;
}

function refusal(status: number, text: string): Answer {
  return { status, type: "plain", text: `${text}\n` };
}

/** Whether a Host header names this machine from itself, on whatever port (a port may be forwarded). */
function isOurs(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i.test(host);
}

function pathOf(url: string | undefined): string {
  return (url ?? "").split("?")[0];
}

function listenAt(server: Server, { address, port }: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(networkErrorOf(error, "listen", `port ${port} of ${address}`)));
    server.listen({ host: address, port }, () => resolve());
  });
}

/** Nothing is loaded, run, framed or remembered. */
const COMMON_HEADERS: Record<string, string> = {
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
};
/** A browser sends its few lines at once. */
const REQUEST_TIMEOUT_MS = 10_000;
const HEADER_OCTETS_MAX = 16 * 1024;
const CONNECTIONS_MAX = 128;
