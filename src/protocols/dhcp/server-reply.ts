/** What a server answers and where it goes: RFC 2131 table 3 and section 4.1. Pure. */

import { addressOfNumber, maskNumber, maskOf, numberOf } from "./lease.ts";
import { type DhcpOptions, LEASE_INFINITE, type OptionName, optionByCode } from "./options.ts";
import type { ReplyAddress } from "./server-types.ts";
import type { Subnet } from "./subnets.ts";
import {
  type DhcpMessage,
  formatHardwareAddress,
  HARDWARE_ETHERNET,
  messageTypes,
  UNSPECIFIED,
} from "./wire.ts";

/** An OFFER or ACK of `address`, for `leaseTime` seconds. */
export function leaseReply(
  request: DhcpMessage,
  messageType: number,
  serverIdentifier: string,
  subnet: Subnet,
  address: string,
  leaseTime: number,
): DhcpMessage {
  const isInfinite = leaseTime === LEASE_INFINITE;
  const { renewalTime = Math.floor(leaseTime / 2), rebindingTime = Math.floor((leaseTime * 7) / 8) } = subnet;
  return reply(request, {
    yourAddress: address,
    clientAddress: messageType === messageTypes.ack ? request.clientAddress : UNSPECIFIED,
    options: {
      messageType,
      serverIdentifier,
      leaseTime,
      // A client that asked for less than the usual time gets these in proportion.
      ...(isInfinite ? {} : { renewalTime: Math.min(renewalTime, Math.floor(leaseTime / 2)) }),
      ...(isInfinite ? {} : { rebindingTime: Math.min(rebindingTime, Math.floor((leaseTime * 7) / 8)) }),
      ...parameters(request, subnet),
    },
  });
}

/** RFC 2131 section 4.3.5: what a host with an address of its own wants to know; no address, no lease time. */
export function informReply(request: DhcpMessage, serverIdentifier: string, subnet: Subnet): DhcpMessage {
  const options = { messageType: messageTypes.ack, serverIdentifier, ...parameters(request, subnet) };
  return reply(request, { clientAddress: request.clientAddress, options });
}

export function nakReply(request: DhcpMessage, serverIdentifier: string, message: string): DhcpMessage {
  const answer = reply(request, { options: { messageType: messageTypes.nak, serverIdentifier, message } });
  // RFC 2131 section 4.3.2: the relay agent must broadcast it, for the client's address may be wrong where it is.
  return request.relayAddress === UNSPECIFIED ? answer : { ...answer, broadcast: true };
}

export function replyAddress(request: DhcpMessage, answer: DhcpMessage): ReplyAddress {
  const { relayAddress, clientAddress, hardwareAddress, hardwareType, broadcast } = request;
  if (relayAddress !== UNSPECIFIED) return { kind: "relay", address: relayAddress };
  if (answer.options.messageType === messageTypes.nak) return { kind: "broadcast" };
  if (clientAddress !== UNSPECIFIED) return { kind: "unicast", address: clientAddress };
  const isEthernet = hardwareType === HARDWARE_ETHERNET && hardwareAddress.length === 6;
  if (broadcast || !isEthernet || answer.yourAddress === UNSPECIFIED) return { kind: "broadcast" };
  return {
    kind: "link",
    address: answer.yourAddress,
    hardwareAddress: formatHardwareAddress(hardwareAddress),
  };
}

function reply(
  request: DhcpMessage,
  { options, ...rest }: Partial<DhcpMessage> & { readonly options: DhcpOptions },
): DhcpMessage {
  const { clientIdentifier, relayAgentInformation } = request.options;
  return {
    ...request,
    operation: "reply",
    hops: 0,
    seconds: 0,
    clientAddress: UNSPECIFIED,
    yourAddress: UNSPECIFIED,
    nextServerAddress: UNSPECIFIED,
    serverName: "",
    bootFile: "",
    ...rest,
    options: {
      ...options,
      // RFC 6842: the identifier comes back, for several clients may share one hardware address.
      ...(clientIdentifier === undefined ? {} : { clientIdentifier }),
      // RFC 3046 section 2.2: so does what a relay agent added.
      ...(relayAgentInformation === undefined ? {} : { relayAgentInformation }),
    },
  };
}

/** What the client asked for, as far as we know it; all of it when it asks for nothing. */
function parameters(request: DhcpMessage, subnet: Subnet): DhcpOptions {
  const { network, prefixLength, routers, nameServers, domainName } = subnet;
  const broadcast = (numberOf(network) | ~maskNumber(prefixLength)) >>> 0;
  const known: DhcpOptions = {
    ...(routers.length > 0 ? { routers } : {}),
    ...(nameServers.length > 0 ? { nameServers } : {}),
    ...(domainName === undefined ? {} : { domainName }),
    broadcastAddress: addressOfNumber(broadcast),
  };
  const wanted = request.options.parameterRequestList;
  const names = wanted && new Set<OptionName | undefined>(wanted.map((code) => optionByCode(code)?.name));
  const chosen = Object.entries(known).filter(([name]) => names?.has(name as OptionName) ?? true);
  // Without it an address is of no use.
  return { subnetMask: maskOf(prefixLength), ...Object.fromEntries(chosen) };
}
