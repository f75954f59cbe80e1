/** What the network file says of the service "dhcp", and its JSON schema. */

export interface DhcpConfiguration extends NetworkConfiguration {
  /** Where it serves; absent: every interface with an IPv4 address. */
  readonly interfaces?: readonly string[];
  /** Other networks than the host's own, behind relays: "10.2.0.0/24". */
  readonly networks?: Readonly<Record<string, NetworkConfiguration | null>>;
  /** The only clients that are served: hardware addresses, or "id:" and a client identifier in hexadecimal digits. */
  readonly only?: readonly string[];
  /** Whether an address is pinged before it is offered; absent: yes, where the host can. */
  readonly ping?: boolean;
}

/** What is given in one network; what is absent is known from the host, see `subnetsOf`. */
export interface NetworkConfiguration {
  /** "192.168.1.100-192.168.1.199", or a single address. */
  readonly pool?: string | readonly string[];
  readonly gateway?: string | readonly string[];
  readonly nameServers?: string | readonly string[];
  readonly domain?: string;
  readonly leaseSeconds?: number | "forever";
  readonly renewalSeconds?: number;
  readonly rebindingSeconds?: number;
  /** By client, the address that it always gets. */
  readonly reservations?: Readonly<Record<string, string>>;
}

const ADDRESS = "(\\d{1,3}\\.){3}\\d{1,3}";
const range = {
  type: "string",
  pattern: `^${ADDRESS}( ?- ?${ADDRESS})?$`,
  patternErrorMessage: 'a range such as "192.168.1.100-192.168.1.199"',
};
const address = {
  type: "string",
  pattern: `^${ADDRESS}$`,
  patternErrorMessage: "an IPv4 address such as 192.168.1.1",
};
const client = {
  type: "string",
  pattern: "^([0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}|id:([0-9A-Fa-f]{2})+)$",
  patternErrorMessage: 'a hardware address such as "02:00:00:00:00:05", or "id:" and a client identifier',
};
const oneOrMore = (item: object, title: string, description: string): object => ({
  description,
  oneOf: [
    { $ref: item === range ? "#/$defs/range" : "#/$defs/address" },
    { type: "array", title, items: item },
  ],
});
const seconds = (description: string): object => ({
  type: "integer",
  minimum: 10,
  maximum: 4_294_967_294,
  description,
});

const networkKeys = {
  pool: oneOrMore(
    range,
    "a list of ranges",
    "What is given: ranges of addresses. Absent: the upper half of the network.",
  ),
  gateway: oneOrMore(
    address,
    "a list of addresses",
    "Default gateway of the clients. Absent: a router itself, else the gateway of this host.",
  ),
  nameServers: oneOrMore(
    address,
    "a list of addresses",
    "Name servers of the clients. Absent: those that this host asks; none of these, but a service dns: this host.",
  ),
  domain: { type: "string", minLength: 1, maxLength: 255, description: "Their domain name." },
  leaseSeconds: {
    description: "How long a lease is good for; an hour if absent.",
    oneOf: [seconds(""), { type: "string", const: "forever", title: "forever" }],
  },
  renewalSeconds: seconds("After so long a client renews its lease; half of it if absent."),
  rebindingSeconds: seconds("After so long it asks any server; seven eighths if absent."),
  reservations: {
    type: "object",
    description: "For a client, by hardware address, the address that it always gets.",
    propertyNames: client,
    additionalProperties: address,
  },
};

export const dhcpSchema = {
  type: "object",
  description: "Gives addresses to hosts that have none (RFC 2131).",
  additionalProperties: false,
  properties: {
    ...networkKeys,
    interfaces: {
      type: "array",
      items: { type: "string", minLength: 1 },
      minItems: 1,
      uniqueItems: true,
      description: "Where it serves; absent: every interface with an IPv4 address.",
    },
    networks: {
      type: "object",
      description: 'Other networks, behind relays, by prefix: "10.2.0.0/24".',
      additionalProperties: {
        type: ["object", "null"],
        additionalProperties: false,
        properties: networkKeys,
      },
    },
    only: {
      type: "array",
      items: client,
      uniqueItems: true,
      description: "The only clients that are served.",
    },
    ping: {
      type: "boolean",
      description: "Whether an address is pinged before it is offered; yes if absent.",
    },
  },
  $defs: { range, address },
};
