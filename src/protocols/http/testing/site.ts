/** A small site for tests: /hello, /size (of what is posted), /stream, /headers, /fail; all else is not there. */

import { encodeUtf8 } from "../../../bytes/index.ts";
import { LocalError, type Task } from "../../../net/index.ts";
import { type HttpRequest, type HttpResponse, methodNotAllowed, textResponse } from "../index.ts";

export function* testSite(request: HttpRequest): Task<HttpResponse> {
  switch (request.target.path) {
    case "/hello":
      if (request.method === "DELETE") return methodNotAllowed(["GET", "HEAD", "POST"]);
      return textResponse(200, "hello\r\n");
    case "/size":
      return textResponse(200, `${request.content.length}\r\n`);
    case "/echo":
      return { status: 200, content: request.content };
    case "/stream":
      return {
        status: 200,
        *content(write) {
          yield* write(encodeUtf8("one\r\n"));
          yield* write(new Uint8Array(0));
          yield* write(encodeUtf8("two\r\n"));
        },
      };
    case "/about":
      return textResponse(200, `${request.method} ${request.authority} ${request.target.query ?? "-"}\r\n`);
    case "/empty":
      return { status: 204 };
    case "/fail":
      throw new LocalError("broken", "the disk is full of secrets");
    default:
      return textResponse(404, "nothing\r\n");
  }
}
