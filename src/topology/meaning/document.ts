/** A network file as its schema has let it through: what was wrong is left out, so nothing here is sure to be there. */

import type { MailAccount } from "../../host/shell/command.ts";

/** A list in which a wrong item is undefined. */
export type Items<T> = readonly (T | undefined)[];

export interface NetworkDocument {
  readonly name?: string;
  readonly description?: string;
  readonly seed?: number;
  readonly hosts?: Members<HostDocument | null>;
  readonly routers?: Members<HostDocument | null>;
  readonly switches?: Members<SwitchDocument | null>;
  readonly links?: Items<LinkDocument>;
  readonly forward?: ForwardDocument;
  readonly story?: Items<StepDocument>;
  readonly expect?: Items<ExpectationDocument>;
}

export type Members<T> = Readonly<Record<string, T>>;

export interface HostDocument {
  readonly description?: string;
  readonly at?: Items<number>;
  readonly addresses?: AddressesDocument;
  readonly interfaces?: Members<AddressesDocument | InterfaceDocument>;
  readonly gateway?: string | Items<string>;
  readonly nameServers?: string | Items<string>;
  readonly users?: Members<string>;
  readonly mailAccount?: MailAccount;
  readonly services?: Members<unknown>;
}

/** "dhcp": a server gives the IPv4 address. */
export type AddressesDocument = Items<string> | "dhcp";

export interface InterfaceDocument {
  readonly addresses?: AddressesDocument;
  readonly mtu?: number;
  readonly mac?: string;
}

export interface QualityDocument {
  readonly delay?: string;
  readonly jitter?: string;
  readonly bandwidth?: string;
  readonly queue?: number;
  readonly loss?: string;
  readonly burst?: number;
  readonly reorder?: string;
  readonly reorderBy?: string;
  readonly duplicate?: string;
  readonly corrupt?: string;
}

export interface SwitchDocument extends QualityDocument {
  readonly description?: string;
  readonly at?: Items<number>;
  readonly connects?: Items<string>;
}

export interface LinkDocument extends QualityDocument {
  readonly name?: string;
  readonly between?: Items<string>;
  readonly forth?: QualityDocument;
  readonly back?: QualityDocument;
}

export interface ForwardDocument {
  readonly from?: string;
  readonly socks?: string | number;
  readonly ports?: Items<ForwardedPortDocument>;
}

export interface ForwardedPortDocument {
  readonly listen?: string | number;
  readonly to?: string;
  readonly protocol?: "tcp" | "udp" | "both";
}

export interface StepDocument extends QualityDocument {
  readonly name?: string;
  readonly at?: string;
  readonly after?: string;
  readonly on?: string;
  readonly run?: string;
  readonly input?: string;
  readonly cut?: string;
  readonly heal?: string;
  readonly change?: string;
  readonly direction?: "both" | "forth" | "back";
  readonly powerOff?: string;
  readonly powerOn?: string;
}

export interface ExpectationDocument {
  readonly says?: string;
  readonly mailbox?: string;
  readonly step?: string;
  readonly packets?: string;
  readonly lost?: boolean;
  readonly service?: string;
  readonly host?: string;
  readonly link?: string;
  readonly queue?: string;
  readonly mailAccount?: string;
  readonly state?: "on" | "off" | "up" | "down" | "cut";
  readonly address?: string;
  readonly incomingServer?: string;
  readonly outgoingServer?: string;
  readonly userName?: string;
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
  readonly body?: string;
  readonly info?: string;
  readonly exit?: number;
  readonly prints?: string | Items<string>;
  readonly equals?: string;
  readonly within?: string;
  readonly before?: string;
  readonly fresh?: boolean;
  readonly count?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}
