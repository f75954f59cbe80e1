/** What the configurations of services on TCP and UDP have in common, and how such a service says where it is. */

import { formatEndpoint, type TcpAndUdpService } from "../net/index.ts";

/** The schema of `port`, the same for both transports. */
export function portSchema(standard: number): object {
  return {
    type: "integer",
    minimum: 1,
    maximum: 65_535,
    default: standard,
    description: "the port, the same for TCP and UDP",
  };
}

export const TRANSPORTS_SCHEMA: object = {
  type: "array",
  items: { enum: ["tcp", "udp"] },
  minItems: 1,
  uniqueItems: true,
  default: ["tcp", "udp"],
  description: "which of the two it serves",
};

export const CONNECTIONS_SCHEMA: object = {
  type: "integer",
  minimum: 1,
  maximum: 100_000,
  description: "TCP clients at once; one more is refused",
};

/** "TCP [::]:7 and UDP [::]:7" */
export function placesOf({ tcp, udp }: TcpAndUdpService): string {
  const places = [
    ...(tcp === undefined ? [] : [`TCP ${formatEndpoint(tcp)}`]),
    ...(udp === undefined ? [] : [`UDP ${formatEndpoint(udp)}`]),
  ];
  return places.join(" and ");
}
