/** What handlers answer, and how a server writes it: RFC 9110 sections 6 and 15, RFC 9112 section 6. */

import { encodeUtf8 } from "../../bytes/index.ts";
import type { Connection, Task } from "../../net/index.ts";
import { emitChunk, LAST_CHUNK } from "./content.ts";
import { formatHttpDate } from "./date.ts";
import { reasonOf } from "./status.ts";
import { emitStatusHead, type Field, HTTP_1_1, type Version } from "./wire.ts";

export interface HttpResponse {
  readonly status: number;
  /** Without Date, Server, Connection, Content-Length and Transfer-Encoding: those are the server's. */
  readonly fields?: readonly Field[];
  readonly content?: Uint8Array | ContentWriter | undefined;
}

/** Writes content whose length nobody knows yet, piece by piece: it goes out in chunks. */
export type ContentWriter = (write: (piece: Uint8Array) => Task) => Task;

export interface ResponseFrame {
  /** The request's: HEAD gets no content, HTTP/1.0 no chunks. */
  readonly method: string;
  readonly version: Version;
  /** Whether the connection ends with this response. */
  readonly isLast: boolean;
  readonly serverName: string;
  readonly nowMs: number;
  /** How long the client may take nothing. */
  readonly writeMs: number;
}

/** A short answer in words. */
export function textResponse(status: number, text: string, fields: readonly Field[] = []): HttpResponse {
  const type = { name: "Content-Type", value: "text/plain; charset=utf-8" };
  return { status, fields: [type, ...fields], content: encodeUtf8(text) };
}

/** RFC 9110 section 15.5.6: with the methods that the target has. */
export function methodNotAllowed(methods: readonly string[]): HttpResponse {
  const allow = [...methods, "OPTIONS"].join(", ");
  return textResponse(405, `Only ${allow} are possible here.\r\n`, [{ name: "Allow", value: allow }]);
}

/** RFC 9110 section 15.4.4 (303): what was posted is done; the page that shows it is there. */
export function seeOther(location: string, fields: readonly Field[] = []): HttpResponse {
  return { status: 303, fields: [{ name: "Location", value: location }, ...fields] };
}

/**
 * Writes the response; true when the connection must end, since only that tells where the content ends (HTTP/1.0) or
 * since a writer has failed in the middle.
 */
export function* writeResponse(
  connection: Connection,
  frame: ResponseFrame,
  response: HttpResponse,
): Task<boolean> {
  const { status, content } = response;
  const isStreamed = typeof content === "function";
  const hasNoContent = status === 204 || status === 304;
  // RFC 9112 section 6.1: no Transfer-Encoding to a client of HTTP/1.0; the end of the connection must do.
  const isChunked = isStreamed && !hasNoContent && frame.version.minor > 0;
  const endsByClosing = isStreamed && !hasNoContent && !isChunked;
  const head = emitStatusHead({ version: HTTP_1_1, status, reason: reasonOf(status) }, [
    { name: "Date", value: formatHttpDate(frame.nowMs) },
    { name: "Server", value: frame.serverName },
    ...connectionField(frame, frame.isLast || endsByClosing),
    ...(response.fields ?? []),
    ...framingFields(hasNoContent, isChunked, content),
  ]);
  // RFC 9110 section 9.3.2: HEAD is answered as GET would be, without the content.
  if (frame.method === "HEAD" || hasNoContent || content === undefined) {
    yield* connection.write(head, frame.writeMs);
    return frame.isLast || (endsByClosing && frame.method !== "HEAD");
  }
  yield* connection.write(head, frame.writeMs);
  if (typeof content !== "function") {
    yield* connection.write(content, frame.writeMs);
    return frame.isLast;
  }
  yield* content((piece) => connection.write(isChunked ? emitChunk(piece) : piece, frame.writeMs));
  if (isChunked) yield* connection.write(LAST_CHUNK, frame.writeMs);
  return frame.isLast || endsByClosing;
}

function framingFields(hasNoContent: boolean, isChunked: boolean, content: HttpResponse["content"]): Field[] {
  // RFC 9110 section 8.6: 204 and 304 without content have no Content-Length either.
  if (hasNoContent) return [];
  if (isChunked) return [{ name: "Transfer-Encoding", value: "chunked" }];
  if (typeof content === "function") return [];
  return [{ name: "Content-Length", value: String(content?.length ?? 0) }];
}

/** RFC 9112 section 9.3: HTTP/1.1 goes on by itself, HTTP/1.0 only when both say so. */
function connectionField({ version }: ResponseFrame, isLast: boolean): Field[] {
  if (isLast) return [{ name: "Connection", value: "close" }];
  return version.minor === 0 ? [{ name: "Connection", value: "keep-alive" }] : [];
}
