/** The network as the console draws it. */

import type { FileError } from "../../topology/network-file.ts";

export type { FileError };

export interface NetworkView {
  /** Another one with each network that is opened, and with each journey into its past. */
  readonly labId: number;
  /** Counts structural changes: hosts, links, addresses, services; not load. */
  readonly revision: number;
  readonly fileName: string;
  readonly name: string;
  readonly description: string;
  readonly seed: number;
  /** Whether the file has a story, and whether it is being played. */
  readonly story: "none" | "off" | "playing" | "ended";
  readonly nodes: readonly NodeView[];
  readonly links: readonly LinkView[];
  /** How programs of this machine come in; none in a browser. */
  readonly waysIn: readonly WayInView[];
}

export interface NodeView {
  readonly name: string;
  readonly kind: "host" | "router" | "switch";
  readonly description: string;
  /** Where it stands in the drawing; the unit is a pixel at zoom 1. */
  readonly x: number;
  readonly y: number;
  readonly on: boolean;
  readonly interfaces: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly services: readonly ServiceView[];
  /** Accounts; the console shows who could read mail here. */
  readonly users: readonly string[];
  /** "alice@crepes.fr", where a mail client is set up. */
  readonly mailAddress: string | undefined;
}

export interface ServiceView {
  readonly name: string;
  readonly running: boolean;
  /** "listens on [::]:25 for crepes.fr", while it runs. */
  readonly description: string;
}

export interface LinkView {
  readonly name: string;
  readonly ends: readonly [LinkEndView, LinkEndView];
  /** Down: the cable is out. A partition lets nothing pass, and nobody notices. */
  readonly state: "up" | "down" | "cut-forth" | "cut-back" | "cut-both";
  /** From the first end to the second, and back. */
  readonly forth: QualityView;
  readonly back: QualityView;
}

export interface LinkEndView {
  readonly node: string;
  /** "eth0"; for a switch the name of its port. */
  readonly interface: string;
}

/** Units as in their names; probabilities from 0 to 1. */
export interface QualityView {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly bandwidthBps: number;
  readonly queuePackets: number;
  readonly loss: number;
  readonly reorder: number;
  readonly duplicate: number;
  readonly corrupt: number;
}

export interface WayInView {
  readonly name: string;
  /** "127.0.0.1:2525" */
  readonly local: string;
  readonly leadsTo: string;
  /** A command to copy. */
  readonly example: string;
}

/** A network or lesson that Hamlet ships. */
export interface ShippedView {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
}

/** What a network file is opened with, or why it was not. */
export type OpenResult =
  | { readonly opened: true; readonly network: NetworkView }
  | { readonly opened: false; readonly errors: readonly FileError[] };

/** What the editor offers at a place. */
export interface CompletionView {
  /** The octets of the line that it replaces: [from, to) as columns from 0. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly { readonly label: string; readonly detail: string; readonly text: string }[];
}
