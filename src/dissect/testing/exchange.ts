/** A TCP connection written by hand: each call is a segment, numbers follow by themselves. */

import type { CapturedPacket } from "../../sim/capture/index.ts";
import { TcpFlag, type TcpHeader } from "../../sim/wire/tcp.ts";
import { CLIENT, octets, SERVER, tcpFrame } from "./frames.ts";

type Side = "client" | "server";

export class Exchange {
  readonly packets: CapturedPacket[] = [];
  readonly port: number;
  readonly #next = { client: 0xffff_fff0, server: 5000 };
  #timeNs = 0;

  constructor(port: number) {
    this.port = port;
  }

  /** Lets time pass before the next segment. */
  wait(ms: number): this {
    this.#timeNs += ms * 1e6;
    return this;
  }

  open(
    options: Partial<TcpHeader> = { maximumSegmentSize: 1460, windowScale: 7, sackPermitted: true },
  ): this {
    this.segment("client", "", { flags: TcpFlag.synchronize, ...options }).wait(10);
    this.segment("server", "", { flags: TcpFlag.synchronize | TcpFlag.acknowledgment, ...options }).wait(10);
    return this.ack("client");
  }

  send(side: Side, text: string): this {
    return this.segment(side, text, { flags: TcpFlag.push | TcpFlag.acknowledgment });
  }

  ack(side: Side, header: Partial<TcpHeader> = {}): this {
    return this.segment(side, "", { flags: TcpFlag.acknowledgment, ...header });
  }

  close(): this {
    const flags = TcpFlag.finish | TcpFlag.acknowledgment;
    return this.segment("client", "", { flags }).segment("server", "", { flags }).ack("client");
  }

  /** One segment; `header.sequence` overrides where it stands (then nothing moves on). */
  segment(side: Side, text: string, header: Partial<TcpHeader>): this {
    const other = side === "client" ? "server" : "client";
    const [source, destination] = side === "client" ? [CLIENT, SERVER] : [SERVER, CLIENT];
    const [sourcePort, destinationPort] = side === "client" ? [49152, this.port] : [this.port, 49152];
    const flags = header.flags ?? 0;
    const acknowledgment = (flags & TcpFlag.acknowledgment) === 0 ? 0 : this.#next[other];
    const defaults = { sourcePort, destinationPort, sequence: this.#next[side], acknowledgment, window: 502 };
    const bytes = tcpFrame(source, destination, { ...defaults, ...header }, octets(text));
    const number = this.packets.length + 1;
    this.packets.push({
      ...{ number, timeNs: this.#timeNs, interfaceId: side === "client" ? 0 : 1, kind: "origin" },
      ...{ packetId: number, bytes, length: bytes.length, comment: undefined },
    });
    this.#timeNs += 1e6;
    const length = text.length + (flags & TcpFlag.synchronize ? 1 : 0) + (flags & TcpFlag.finish ? 1 : 0);
    if (header.sequence === undefined) this.#next[side] = (this.#next[side] + length) % 2 ** 32;
    return this;
  }

  /** The sequence number of the next octet of `side`. */
  next(side: Side): number {
    return this.#next[side];
  }
}
