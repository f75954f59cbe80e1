/**
 * How messages reach an engine: over a WebSocket to the server that served the page, or to a Web Worker of the page.
 * A transport is opened, carries messages, and closes once; client.ts opens the next one.
 */

import type { EngineMessage, Request } from "../../engine/protocol/index.ts";
import { subprotocols } from "./token.ts";

export interface Transport {
  send(request: Request): void;
  close(): void;
}

export interface TransportListener {
  onOpen(): void;
  onMessage(message: EngineMessage): void;
  /** Once; nothing follows. `final`: another attempt is of no use. */
  onClose(reason: string, final?: boolean): void;
}

export type OpenTransport = (listener: TransportListener) => Transport;

/** To `engine` beside the page. */
export function openWebSocket(listener: TransportListener): Transport {
  const address = new URL("./engine", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  address.hash = "";
  const socket = new WebSocket(address, subprotocols());
  socket.onopen = () => listener.onOpen();
  socket.onmessage = (event) => listener.onMessage(JSON.parse(String(event.data)) as EngineMessage);
  socket.onclose = ({ code, reason }) =>
    listener.onClose(reason || "The connection to the engine was closed.", code === POLICY_VIOLATION);
  return {
    send: (request) => socket.send(JSON.stringify(request)),
    close: () => {
      socket.onclose = null;
      socket.close();
    },
  };
}

/** To a worker of its own. `start` makes it, so that the bundler sees the worker's file where it is named. */
export function openWorker(start: () => Worker): OpenTransport {
  return (listener) => {
    const worker = start();
    let open = false;
    let read = 0;
    worker.onmessage = ({ data }: MessageEvent<EngineMessage | "ready">) => {
      if (data === "ready") {
        open = true;
        listener.onOpen();
        return;
      }
      // A number tells the worker how much was read: what a page cannot keep up with is not sent (worker/read-count.ts).
      if (++read % TELL_AFTER === 0) worker.postMessage(read);
      listener.onMessage(data);
    };
    worker.onerror = (event) => {
      // An error after the start is told and the worker goes on; before it, nothing will ever come.
      if (open) console.error(event.message);
      else listener.onClose(event.message || "The engine did not start in this browser.", true);
    };
    return { send: (request) => worker.postMessage(request), close: () => worker.terminate() };
  };
}

/** Often enough that the worker never waits for it. */
const TELL_AFTER = 8;

/** RFC 6455 section 7.4.1: we are not let in, and asking again will not help. */
const POLICY_VIOLATION = 1008;
