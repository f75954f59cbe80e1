/** What a client sends: RFC 2131 table 5 and section 4.3.6, one method for each kind of message; and its words for the log. */

import type { DhcpOptions } from "./options.ts";
import { type DhcpMessage, HARDWARE_ETHERNET, messageTypes, UNSPECIFIED } from "./wire.ts";

/** Who the client is. */
export interface ClientIdentity {
  readonly hardwareAddress: Uint8Array;
  /** Absent: the hardware address with its type in front (RFC 2132 section 9.14). */
  readonly clientIdentifier?: Uint8Array;
  /** What the host calls itself. */
  readonly hostName?: string;
  /** It cannot hear unicasts before it has an address. */
  readonly broadcast?: boolean;
}

/** What holds the messages of one exchange together. */
export interface Exchange {
  readonly transactionId: number;
  /** Since it began. */
  readonly seconds: number;
}

export class ClientMessages {
  readonly #identity: ClientIdentity;

  constructor(identity: ClientIdentity) {
    this.#identity = identity;
  }

  /** Who gives me an address? Perhaps the one that I had. */
  discover(exchange: Exchange, lastAddress: string | undefined): DhcpMessage {
    return this.#wish(exchange, UNSPECIFIED, {
      messageType: messageTypes.discover,
      ...(lastAddress === undefined ? {} : { requestedAddress: lastAddress }),
    });
  }

  /** That server's offer is taken; the others hear it, too. */
  select(exchange: Exchange, serverIdentifier: string, address: string): DhcpMessage {
    const messageType = messageTypes.request;
    return this.#wish(exchange, UNSPECIFIED, { messageType, serverIdentifier, requestedAddress: address });
  }

  /** Is it still mine? Asked of any server. */
  reboot(exchange: Exchange, address: string): DhcpMessage {
    const messageType = messageTypes.request;
    return this.#wish(exchange, UNSPECIFIED, { messageType, requestedAddress: address });
  }

  /** RENEWING and REBINDING differ in whom it goes to. */
  renew(exchange: Exchange, address: string): DhcpMessage {
    return this.#wish(exchange, address, { messageType: messageTypes.request });
  }

  inform(exchange: Exchange, address: string): DhcpMessage {
    return this.#wish(exchange, address, { messageType: messageTypes.inform });
  }

  decline(transactionId: number, serverIdentifier: string, address: string): DhcpMessage {
    return this.#message({ transactionId, seconds: 0 }, UNSPECIFIED, {
      messageType: messageTypes.decline,
      serverIdentifier,
      requestedAddress: address,
      message: "another host answers for it",
    });
  }

  release(transactionId: number, serverIdentifier: string, address: string): DhcpMessage {
    const messageType = messageTypes.release;
    return this.#message({ transactionId, seconds: 0 }, address, { messageType, serverIdentifier });
  }

  /** A message that wants an answer: what it should hold, how long it may be. */
  #wish(exchange: Exchange, clientAddress: string, options: DhcpOptions): DhcpMessage {
    const { hostName, broadcast = false } = this.#identity;
    const message = this.#message(exchange, clientAddress, {
      ...options,
      ...(hostName === undefined ? {} : { hostName }),
      parameterRequestList: PARAMETERS,
      maximumMessageSize: MESSAGE_SIZE,
    });
    return { ...message, broadcast: broadcast && clientAddress === UNSPECIFIED };
  }

  #message(exchange: Exchange, clientAddress: string, options: DhcpOptions): DhcpMessage {
    const { hardwareAddress } = this.#identity;
    const clientIdentifier =
      this.#identity.clientIdentifier ?? Uint8Array.of(HARDWARE_ETHERNET, ...hardwareAddress);
    return {
      operation: "request",
      hardwareType: HARDWARE_ETHERNET,
      hops: 0,
      transactionId: exchange.transactionId,
      seconds: Math.min(exchange.seconds, SECONDS_MAX),
      broadcast: false,
      clientAddress,
      yourAddress: UNSPECIFIED,
      nextServerAddress: UNSPECIFIED,
      relayAddress: UNSPECIFIED,
      hardwareAddress,
      serverName: "",
      bootFile: "",
      options: { ...options, clientIdentifier },
    };
  }
}

/** "REQUEST for 192.168.1.100 to 192.168.1.1" */
export function messageText({ options, clientAddress }: DhcpMessage): string {
  const name = NAMES.get(options.messageType ?? 0) ?? "a message";
  const address = options.requestedAddress ?? (clientAddress === UNSPECIFIED ? undefined : clientAddress);
  const about = address === undefined ? "" : ` for ${address}`;
  const server = options.serverIdentifier === undefined ? "" : ` to ${options.serverIdentifier}`;
  return `${name}${about}${server}`;
}

const NAMES = new Map<number, string>(
  Object.entries(messageTypes).map(([name, type]) => [type, name.toUpperCase()]),
);
/** Mask, classless routes, router, name servers, domain, broadcast, lease times. */
const PARAMETERS = [1, 121, 3, 6, 15, 28, 51, 58, 59];
/** What Ethernet carries in one piece. */
const MESSAGE_SIZE = 1500;
const SECONDS_MAX = 0xffff;
