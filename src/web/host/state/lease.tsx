/** What an interface was given by DHCP, and how long it is good for. */

import { Text } from "@mantine/core";
import type { InterfaceView } from "../../../engine/protocol/index.ts";
import { useSelectedTime } from "../../engine/hooks.ts";

export function Lease({ dhcp }: { readonly dhcp: NonNullable<InterfaceView["dhcp"]> }) {
  const { lease, reason, offers } = dhcp;
  return (
    <Text size="xs" c="dimmed">
      {lease === undefined && `no lease${reason === undefined ? "" : `: ${reason}`}`}
      {lease !== undefined && (
        <>
          from <span className="mono">{lease.serverIdentifier}</span>; gateway{" "}
          <span className="mono">{lease.routers.join(", ") || "none"}</span>; name servers{" "}
          <span className="mono">{lease.nameServers.join(", ") || "none"}</span>; renewed in{" "}
          <Remaining untilNs={lease.renewAtNs} />, over in <Remaining untilNs={lease.expiresAtNs} />
        </>
      )}
      {offers.length > 1 &&
        `; offers: ${offers
          .map(
            ({ serverIdentifier, address, taken }) =>
              `${address} from ${serverIdentifier}${taken ? " (taken)" : ""}`,
          )
          .join(", ")}`}
    </Text>
  );
}

function Remaining({ untilNs }: { readonly untilNs: number | undefined }) {
  const seconds = useSelectedTime((time) =>
    untilNs === undefined ? undefined : Math.max(0, Math.ceil((untilNs - (time?.nowNs ?? 0)) / 1e9)),
  );
  return <span className="mono">{seconds === undefined ? "never" : `${seconds} s`}</span>;
}
