/** Packets as the console lists and opens them. */

import type { Field, Layer } from "../../dissect/dissection.ts";
import type { Base64 } from "./message.ts";

export type { Field, Layer };

/** The state of a view: the packets that one filter lets through. */
export interface PacketViewState {
  readonly view: number;
  readonly filter: string;
  /** Rows of this view so far. */
  readonly matched: number;
  /** Packets of the capture, and how many of them the filter has looked at. */
  readonly total: number;
  readonly scanned: number;
  /** The oldest packets, which were forgotten because there were too many. */
  readonly forgotten: number;
  /** Wall clock at virtual time 0: the column Time may show it. */
  readonly startUnixMs: number;
}

export interface PacketRowView {
  /** "No." */
  readonly number: number;
  readonly timeNs: number;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly length: number;
  readonly info: string;
  /** Why it was sent, lost or sent again. */
  readonly comment: string | undefined;
  readonly problems: readonly string[];
  /** What the colours are made of. */
  readonly mark: "lost" | "again" | "problem" | "opens" | "closes" | "reset" | undefined;
  readonly conversation: number | undefined;
}

export interface PacketDetail {
  readonly row: PacketRowView;
  readonly layers: readonly Layer[];
  readonly bytes: Base64;
  /** Where it was seen, in order. */
  readonly journey: readonly WaypointView[];
  /** The packets of its conversation before and after it. */
  readonly previous: number | undefined;
  readonly next: number | undefined;
  /** Packets that belong to it: "answer in", "acknowledged in", "retransmission of". */
  readonly related: readonly { readonly text: string; readonly number: number }[];
}

export interface WaypointView {
  readonly timeNs: number;
  readonly kind: "origin" | "forward" | "receive" | "drop";
  readonly node: string;
  readonly interface: string;
  readonly reason: string | undefined;
}

export interface StreamView {
  readonly conversation: number;
  readonly title: string;
  readonly client: string;
  readonly server: string;
  /** What each side sent, in order; octets as base64. */
  readonly parts: readonly {
    readonly from: "client" | "server";
    readonly timeNs: number;
    readonly octets: Base64;
  }[];
  /** Octets that did not fit into the answer. */
  readonly omitted: number;
  /** The dialogue as text, line by line with times, as `hamlet run` prints it. */
  readonly dialogue: string;
}

export interface SequenceView {
  readonly conversation: number;
  readonly title: string;
  readonly svg: string;
  readonly text: string;
}

export interface ConversationView {
  readonly id: number;
  readonly protocol: string;
  readonly application: string | undefined;
  readonly client: string;
  readonly server: string;
  readonly packetsToServer: number;
  readonly octetsToServer: number;
  readonly packetsToClient: number;
  readonly octetsToClient: number;
  readonly startNs: number;
  readonly endNs: number;
}

export interface HierarchyView {
  readonly protocol: string;
  readonly packets: number;
  readonly octets: number;
  readonly children: readonly HierarchyView[];
}

/** Rows of a table: "Average packets/s", "12.3". */
export type SummaryView = readonly { readonly name: string; readonly value: string }[];

export interface GraphView {
  readonly intervalNs: number;
  readonly startNs: number;
  /** One series per filter: for each interval packets and octets. */
  readonly series: readonly {
    readonly filter: string;
    readonly packets: readonly number[];
    readonly octets: readonly number[];
  }[];
  /** False while packets are still being counted: ask again. */
  readonly complete: boolean;
}

export interface FilterCheck {
  readonly error: { readonly message: string; readonly at: number } | undefined;
  readonly completions: readonly { readonly text: string; readonly detail: string }[];
  /** Where a completion begins in the text. */
  readonly from: number;
  /** What may have been meant otherwise: "smpt" is looked for as text; is smtp meant? */
  readonly hints?: readonly string[];
}
