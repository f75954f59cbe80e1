/** Applications for tests: one writes all it can, one reads all there is and checks each octet. */

import assert from "node:assert/strict";
import type { TcpSocket } from "../socket.ts";

/** The octet at an offset of a test's stream. */
function streamOctet(offset: number): number {
  return (offset * 7 + (offset >> 8) * 13 + (offset >> 16)) & 0xff;
}

/** Writes `total` octets as room comes, in pieces of `piece`, then ends its stream. */
export function startWriter(
  socket: TcpSocket,
  total: number,
  piece: number,
  closing: "shutdown" | "none",
): void {
  let written = 0;
  const bytes = new Uint8Array(piece);
  const write = (): void => {
    while (written < total) {
      const length = Math.min(piece, total - written);
      for (let i = 0; i < length; i++) bytes[i] = streamOctet(written + i);
      const taken = socket.send(bytes.subarray(0, length));
      written += taken;
      if (taken < length) return;
    }
    if (closing === "shutdown") socket.shutdown();
  };
  const before = socket.onChange;
  socket.onChange = () => {
    before();
    if (socket.failure === undefined && written < total) write();
  };
  write();
}

/** Reads whatever comes; `onEnd` is called at the end of the stream. */
export class Reader {
  received = 0;
  ended = false;

  constructor(socket: TcpSocket, max: number, onEnd: () => void) {
    const before = socket.onChange;
    socket.onChange = () => {
      before();
      if (this.ended || socket.failure !== undefined) return;
      for (;;) {
        const bytes = socket.receive(max);
        if (bytes === undefined) return;
        if (bytes === null) break;
        for (const octet of bytes)
          assert.equal(octet, streamOctet(this.received++), `octet ${this.received - 1}`);
      }
      this.ended = true;
      onEnd();
    };
  }
}
