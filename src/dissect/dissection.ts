/**
 * What a dissection is: layers of fields, each with its place in the frame, and the line of the packet list.
 * Plain data, so that it goes through JSON. Keys are the names of Wireshark's display filters, for those who
 * know them.
 */

export interface Field {
  /** "tcp.srcport" */
  readonly key: string;
  /** "Source port" */
  readonly name: string;
  /** "49152" */
  value: string;
  /** What the value means: "SYN, ACK". */
  note?: string;
  /** The octets [start, end) of the frame. */
  readonly start: number;
  end: number;
  /** Which bits of these octets, the most significant being 0; absent: all. */
  readonly bits?: { readonly start: number; readonly end: number };
  /** "RFC 9293 section 3.1" */
  readonly reference?: string;
  /** What is wrong with it: "bad checksum, should be 0x1234". */
  problem?: string;
  children?: Field[];
}

export interface Layer {
  /** "tcp" */
  readonly protocol: string;
  /** "Transmission Control Protocol, 49152 → 25, [SYN]" */
  title: string;
  /** Its own octets [start, end): what it carries is the next layer. */
  readonly start: number;
  end: number;
  readonly reference: string;
  readonly fields: Field[];
  /** Set when it cannot be understood. */
  malformed?: { readonly offset: number; readonly problem: string };
}

export interface Dissection {
  readonly layers: readonly Layer[];
  /** The columns of the packet list. */
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly info: string;
  /** Everything that is wrong: malformed layers, bad checksums. */
  readonly problems: readonly string[];
}

/** What went before, of which a frame says nothing itself; an `Analysis` supplies it. Plain data. */
export interface PacketContext {
  readonly tcp?: TcpContext;
  /** The registered name of the application protocol of the conversation. */
  readonly application?: string;
  /** Which end sent the packet: the one that opened the conversation? */
  readonly fromClient?: boolean;
  /** What the application's tracker knew before this packet: "message content". */
  readonly state?: string;
}

export interface TcpContext {
  /** The initial sequence numbers of the sender and of the other end. */
  readonly sequenceBase: number;
  readonly acknowledgmentBase: number;
  /** The sender's window shift, undefined when the handshake was not seen. */
  readonly windowShift: number | undefined;
  /** "TCP Retransmission" */
  readonly labels: readonly string[];
}
