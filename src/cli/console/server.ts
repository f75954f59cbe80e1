/**
 * Serves the console: its page over HTTP, and at /engine a WebSocket to the engine of the network that is up. GET and
 * HEAD of files that are known; only for who gate.ts lets in. Read next: gate.ts, console-socket.ts, built-page.ts.
 */

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import { networkInterfaces } from "node:os";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Engine } from "../../engine/engine.ts";
import { type Endpoint, familyOf, formatEndpoint, NetworkError } from "../../net/index.ts";
import { networkErrorOf } from "../../os/errors.ts";
import { type BuiltFile, type BuiltPage, NOT_BUILT } from "./built-page.ts";
import { type SocketLimits, serveConsole } from "./console-socket.ts";
import { Gate, SUBPROTOCOL } from "./gate.ts";
import { SECURITY_HEADERS } from "./policy.ts";
import { Visitors } from "./visitors.ts";

export interface ConsoleServerOptions {
  /** Where it listens. Of the two loopback addresses one is enough: a machine may speak no IPv6. */
  readonly addresses: readonly string[];
  /** 0: a free one. */
  readonly port: number;
  readonly engine: Engine;
  /** Undefined: not built; the page says so. */
  readonly page: BuiltPage | undefined;
  readonly limits?: Partial<ConsoleLimits>;
}

export interface ConsoleLimits extends SocketLimits {
  readonly sessionsMax: number;
  /** Connections that are no console. */
  readonly visitorsMax: number;
  readonly messageOctetsMax: number;
}

export interface ConsoleServer {
  readonly local: Endpoint;
  /** What a console must show, where others reach this server, too. */
  readonly token: string | undefined;
  close(): Promise<void>;
}

/** Throws NetworkError: address-in-use, permission, address-not-available. */
export async function openConsoleServer(options: ConsoleServerOptions): Promise<ConsoleServer> {
  const site = new Site(options);
  const servers: Server[] = [];
  let { port } = options;
  for (const address of options.addresses) {
    const server = site.newServer();
    try {
      await listenAt(server, { address, port });
    } catch (error) {
      if (servers.length > 0 && isUnimportant(address, error)) continue;
      await Promise.all(servers.map(closeServer));
      throw error;
    }
    servers.push(server);
    port = localOf(server).port;
  }
  return {
    local: localOf(servers[0]),
    token: site.gate.token,
    async close() {
      site.close();
      await Promise.all(servers.map(closeServer));
    },
  };
}

/** What a person opens: at all addresses, by the first that others reach. */
export function consoleUrl({ local, token }: ConsoleServer): string {
  const { address, port } = local;
  const isAny = address === "0.0.0.0" || address === "::";
  const reached = isAny ? (outsideAddresses().find((each) => familyOf(each) === 4) ?? "127.0.0.1") : address;
  const fragment = token === undefined ? "" : `#token=${token}`;
  return `http://${formatEndpoint({ address: reached, port })}/${fragment}`;
}

class Site {
  readonly gate: Gate;
  readonly #engine: Engine;
  readonly #page: BuiltPage | undefined;
  readonly #limits: ConsoleLimits;
  readonly #sockets: WebSocketServer;
  readonly #visitors: Visitors;

  constructor({ addresses, engine, page, limits }: ConsoleServerOptions) {
    this.gate = new Gate(addresses);
    this.#engine = engine;
    this.#page = page;
    this.#limits = { ...LIMITS, ...limits };
    this.#visitors = new Visitors(this.#limits.visitorsMax);
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: this.#limits.messageOctetsMax,
      // Over the loopback it only costs time, and a small message that unpacks to a large one costs memory.
      perMessageDeflate: false,
      handleProtocols: (offered) => offered.has(SUBPROTOCOL) && SUBPROTOCOL,
    });
  }

  newServer(): Server {
    const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, maxHeaderSize: HEADER_OCTETS_MAX });
    server.on("connection", (socket) => this.#visitors.admit(socket));
    server.on("request", (request, response) => this.#answer(request, response));
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    return server;
  }

  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.#visitors.noteRequest(request.socket);
    const refused = this.#refusal(request) ?? methodRefusal(request, response);
    const { status, file } = refused ?? this.#find(request);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    response.writeHead(status, {
      "Content-Type": file.type,
      "Content-Length": file.bytes.length,
      "Cache-Control": file.cacheControl,
    });
    response.end(request.method === "HEAD" ? undefined : file.bytes);
  }

  #find({ url }: IncomingMessage): Answer {
    const path = pathOf(url);
    if (this.#page === undefined) {
      return path === "/" ? { status: 503, file: NOT_BUILT } : plain(404, "The console is not built.");
    }
    const file = this.#page.get(path);
    return file === undefined ? plain(404, "There is no such file.") : { status: 200, file };
  }

  #refusal({ headers: { host } }: IncomingMessage): Answer | undefined {
    if (this.gate.admitsHost(host)) return undefined;
    return plain(421, "This server is known by its address or as localhost, and answers to no other name.");
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#visitors.noteRequest(socket);
    socket.on("error", () => {});
    const { host, origin } = request.headers;
    if (!this.gate.admitsHost(host)) refuseUpgrade(socket, 421);
    else if (pathOf(request.url) !== "/engine") refuseUpgrade(socket, 404);
    else if (!this.gate.admitsOrigin(origin, host)) refuseUpgrade(socket, 403);
    else {
      const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((text) => text.trim());
      const isAdmitted = this.gate.admitsProtocols(offered);
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        if (this.#serve(webSocket, isAdmitted)) this.#visitors.release(socket);
      });
    }
  }

  /**
   * Whether it is a console now. A page learns why it is not only from a WebSocket that was open: so it is opened, and
   * closed with the reason.
   */
  #serve(socket: WebSocket, isAdmitted: boolean): boolean {
    if (!isAdmitted) {
      turnAway(
        socket,
        POLICY_VIOLATION,
        "The token is missing or wrong: open the address that hamlet up has printed.",
      );
      return false;
    }
    if (this.#sockets.clients.size > this.#limits.sessionsMax) {
      turnAway(socket, TRY_AGAIN_LATER, `${this.#limits.sessionsMax} consoles are open already.`);
      return false;
    }
    serveConsole(socket, this.#engine, this.#limits);
    return true;
  }
}

interface Answer {
  readonly status: number;
  readonly file: BuiltFile;
}

function plain(status: number, text: string): Answer {
  const type = "text/plain; charset=utf-8";
  return { status, file: { bytes: Buffer.from(`${text}\n`), type, cacheControl: "no-store" } };
}

function methodRefusal({ method }: IncomingMessage, response: ServerResponse): Answer | undefined {
  if (method === "GET" || method === "HEAD") return undefined;
  response.setHeader("Allow", "GET, HEAD");
  return plain(405, "Files can only be read here: GET or HEAD.");
}

function refuseUpgrade(socket: Duplex, status: number): void {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}`;
  socket.end(`${head}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

function turnAway(socket: WebSocket, code: number, reason: string): void {
  socket.on("error", () => {});
  socket.close(code, reason);
}

function pathOf(url: string | undefined): string {
  return (url ?? "").split("?")[0];
}

function outsideAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ internal }) => !internal).map(({ address }) => address);
}

function listenAt(server: Server, { address, port }: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(networkErrorOf(error, "listen", `port ${port} of ${address}`)));
    server.listen({ host: address, port }, () => resolve());
  });
}

/** The address that is printed is 127.0.0.1; ::1 is for who types "localhost". */
function isUnimportant(address: string, error: unknown): boolean {
  return address === "::1" && error instanceof NetworkError;
}

function localOf(server: Server): Endpoint {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a listening server has an address");
  return { address: address.address, port: address.port };
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

/** RFC 6455 section 7.4.1 and the registry of IANA that it opens. */
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;
/** A browser sends its few lines at once. */
const REQUEST_TIMEOUT_MS = 10_000;
const HEADER_OCTETS_MAX = 16 * 1024;
const LIMITS: ConsoleLimits = {
  /** A class that looks at its teacher's network. */
  sessionsMax: 64,
  /** Each takes a few kilobytes; a browser has six for a page. */
  visitorsMax: 256,
  /** A file of a host as base64, the largest that a message carries, with some room. */
  messageOctetsMax: 52 * 1024 * 1024,
  /** Twice the largest answer. */
  unreadMax: 128 * 1024 * 1024,
  pingEveryMs: 30_000,
};
