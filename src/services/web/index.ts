/** Web pages as a service of a host: what the network file says, over HTTP. See README.md. */

import { encodeUtf8 } from "../../bytes/index.ts";
import { formatEndpoint, type Task } from "../../net/index.ts";
import {
  type HttpRequest,
  type HttpResponse,
  methodNotAllowed,
  percentDecode,
  startHttpServer,
  textResponse,
} from "../../protocols/http/index.ts";
import { mediaTypeOf } from "../../protocols/message/index.ts";
import type { RunningService, ServiceDefinition, ServiceHost, ServiceProblem } from "../service.ts";

export interface WebConfiguration {
  readonly port?: number;
  readonly address?: string;
  readonly connectionsMax?: number;
  /** By path: the page itself, its text with a type, or where it has moved to. */
  readonly pages?: Readonly<Record<string, Page>>;
}

type Page = string | { readonly type: string; readonly text: string } | { readonly movedTo: string };

export const webService: ServiceDefinition<WebConfiguration> = {
  name: "http",
  title: "Web server",
  summary: "web server: HTTP, pages from the network file",
  schema: {
    type: "object",
    additionalProperties: false,
    properties: {
      port: { type: "integer", minimum: 1, maximum: 65_535, default: 80, description: "The port." },
      address: { type: "string", description: "A local address to listen on; absent: all." },
      connectionsMax: {
        type: "integer",
        minimum: 1,
        maximum: 100_000,
        description: "Connections at once; one more is answered by 503.",
      },
      pages: {
        type: "object",
        description:
          'The pages by path: "/: <h1>Crepes</h1>". The type follows from the end of the path (/cat.svg), else text that begins with "<" is HTML.',
        additionalProperties: {
          anyOf: [
            { type: "string" },
            {
              type: "object",
              additionalProperties: false,
              required: ["type", "text"],
              properties: {
                type: { type: "string", pattern: "^[a-z]+/[A-Za-z0-9.+-]+(; ?[a-z]+=[A-Za-z0-9-]+)?$" },
                text: { type: "string" },
              },
            },
            {
              type: "object",
              additionalProperties: false,
              required: ["movedTo"],
              properties: {
                movedTo: {
                  type: "string",
                  pattern: "^[!-~]{1,2000}$",
                  description: "Answered by 301 and Location.",
                },
              },
            },
          ],
        },
      },
    },
  },
  problems: ({ pages = {} }) =>
    Object.keys(pages).flatMap((path): ServiceProblem[] =>
      path.startsWith("/") && !/[?#]/.test(path)
        ? []
        : [
            {
              path: ["pages", path],
              message: `"${path}" is no path of a page: it begins with "/" and has no "?"`,
            },
          ],
    ),
  *start(host: ServiceHost, configuration: WebConfiguration): Task<RunningService> {
    const { pages = {}, ...options } = configuration ?? {};
    const responses = new Map(Object.entries(pages).map(([path, page]) => [path, responseOf(path, page)]));
    const server = yield* startHttpServer(host.network, {
      ...options,
      // A page takes nothing.
      contentMax: 0,
      *handler(request) {
        return answer(responses, request);
      },
    });
    const count = responses.size === 1 ? "1 page" : `${responses.size} pages`;
    return {
      name: "http",
      description: `serves ${count} on ${formatEndpoint(server.tcp)}`,
      stop: (graceMs) => server.stop(graceMs),
    };
  },
};

function answer(responses: ReadonlyMap<string, HttpResponse>, { method, target }: HttpRequest): HttpResponse {
  if (method === "OPTIONS") return { status: 204, fields: [{ name: "Allow", value: "GET, HEAD, OPTIONS" }] };
  const found = responses.get(percentDecode(target.path) ?? "");
  if (found === undefined) return textResponse(404, "There is no such page here.\n");
  return method === "GET" || method === "HEAD" ? found : methodNotAllowed(["GET", "HEAD"]);
}

function responseOf(path: string, page: Page): HttpResponse {
  if (typeof page === "object" && "movedTo" in page) {
    const moved = textResponse(301, `This page has moved to ${page.movedTo}\n`);
    return { ...moved, fields: [...(moved.fields ?? []), { name: "Location", value: page.movedTo }] };
  }
  const { type, text } = typeof page === "string" ? { type: typeOf(path, page), text: page } : page;
  return { status: 200, fields: [{ name: "Content-Type", value: type }], content: encodeUtf8(text) };
}

function typeOf(path: string, text: string): string {
  const known = mediaTypeOf(path.slice(path.lastIndexOf("/") + 1));
  const type = known !== "application/octet-stream" ? known : /^\s*</.test(text) ? "text/html" : "text/plain";
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}
