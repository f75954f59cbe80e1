/** A host as its window shows it: tables, services, shells, panels. */

import type { InterfaceView, NeighbourView, RouteView, SocketView } from "../../host/machine.ts";

export type { InterfaceView, NeighbourView, RouteView, SocketView };

/** What the tab State shows. */
export interface HostStateView {
  readonly host: string;
  readonly interfaces: readonly InterfaceView[];
  readonly neighbours: readonly NeighbourView[];
  readonly routes: readonly RouteView[];
  readonly sockets: readonly SocketView[];
  readonly resolverCache: readonly CacheEntryView[];
  readonly log: readonly LogLineView[];
  readonly tasks: readonly string[];
}

export interface CacheEntryView {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly remainingSeconds: number;
}

export interface LogLineView {
  readonly timeNs: number;
  readonly level: "debug" | "info" | "warn" | "error";
  readonly text: string;
}

/** What the tab Config shows and sets. */
export interface HostConfigView {
  readonly host: string;
  readonly interfaces: readonly {
    readonly name: string;
    readonly mac: string;
    /** Those that a person has given it, with their prefix lengths. */
    readonly addresses: readonly string[];
    /** Whether a DHCP server gives it its IPv4 address. */
    readonly dhcp: boolean;
    /** Which one that is now, with its prefix length. */
    readonly leased: string | undefined;
    readonly link: string | undefined;
  }[];
  readonly gateways: readonly string[];
  readonly nameServers: readonly string[];
  readonly users: readonly string[];
}

/** A service that can be installed. */
export interface ServiceKindView {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
}

/**
 * A panel of a host: what a protocol brings to the console. `panel` names its kind, which the console's registry
 * turns into a component; `data` is of that kind (panels/*.ts).
 */
export interface PanelView {
  readonly host: string;
  readonly panel: string;
  readonly data: unknown;
}

export interface PanelKindView {
  readonly panel: string;
  /** "Mail" */
  readonly title: string;
  readonly tab: "desktop" | "services";
  /** For Services: the services that are steered here: ["smtp", "pop3"]. */
  readonly services: readonly string[];
}

/** What a shell says. */
export type ShellOutput =
  | { readonly kind: "print" | "error"; readonly text: string }
  /** Time went to another moment, at which it has printed this so far; `exit` follows when it has ended by then. */
  | { readonly kind: "again"; readonly text: string }
  /** It waits for a line: `shell.input`. */
  | { readonly kind: "read-line" }
  | { readonly kind: "exit"; readonly status: number };

export interface ShellCompletion {
  /** The word under the cursor begins here. */
  readonly from: number;
  readonly options: readonly { readonly text: string; readonly detail: string }[];
}

export interface FileEntry {
  readonly name: string;
  readonly octets: number;
}
